"""Where alerts go: every one into the log, and to the webhook of the policy in force, if it has one."""

import logging
from collections.abc import Mapping

from tollway.observe.alert import Alert, Kind
from tollway.observe.post import address
from tollway.observe.webhook import Webhook

logger = logging.getLogger(__name__)

WEIGHTS = {
    Kind.LEVEL: logging.WARNING,
    Kind.REFUSED_FIRST: logging.WARNING,
    Kind.BOUND_VIOLATED: logging.ERROR,
    Kind.FOUND: logging.WARNING,
}


class Alerting:
    """Tells alerts, at once: nobody waits for the webhook. Belongs to one event loop."""

    def __init__(self, environment: Mapping[str, str], webhook: Webhook | None = None) -> None:
        """Nothing but the log until `lead` says where. `environment` has the variables that policies name."""
        self._environment = environment
        self._webhook = webhook or Webhook()

    def __call__(self, alert: Alert) -> None:
        """Tell it."""
        logger.log(WEIGHTS[alert.kind], "%s", alert.text)
        self._webhook.send(alert)

    def lead(self, said: str | None) -> None:
        """Have alerts go where a policy says: `alerts.webhook`. Those that wait go there, too.

        Raises AddressError, and then nothing has changed.
        """
        self._webhook.lead(None if said is None else address(said, self._environment))

    async def stop(self, seconds: float) -> None:
        """Let those arrive that are on their way, for so long at most."""
        await self._webhook.stop(seconds)
