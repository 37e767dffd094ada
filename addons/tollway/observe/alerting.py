"""Where alerts go: every one into the log, and to the webhook of the policy in force, if it has one."""

import logging
from collections.abc import Collection, Mapping

from tollway.alerts.alert import AT_ONCE, Alert, Kind
from tollway.alerts.form import FORMS, Format
from tollway.observe.post import address, signing
from tollway.observe.webhook import Webhook
from tollway.policy.alerts import Alerts

logger = logging.getLogger(__name__)

WEIGHTS = {
    Kind.LEVEL: logging.WARNING,
    Kind.REFUSED_FIRST: logging.WARNING,
    Kind.BOUND_VIOLATED: logging.ERROR,
    Kind.FOUND: logging.WARNING,
    Kind.FORECAST: logging.WARNING,
    Kind.ANOMALY: logging.WARNING,
    Kind.UNPRICED: logging.WARNING,
    Kind.UNMANAGED: logging.WARNING,
    Kind.STORE: logging.ERROR,
}


class Alerting:
    """Tells alerts, at once: nobody waits for the webhook. Belongs to one event loop."""

    def __init__(self, environment: Mapping[str, str], webhook: Webhook | None = None) -> None:
        """Nothing but the log until `lead` says where. `environment` has the variables that policies name."""
        self._environment = environment
        self._webhook = webhook or Webhook()
        self.kinds: Collection[Kind] = AT_ONCE
        """What is to be told: who has to look for it asks."""

    def __call__(self, alert: Alert) -> None:
        """Tell it: of several that are one, each is a line in the log."""
        for each in alert.each:
            logger.log(WEIGHTS[each.kind], "%s", each.text)
        if alert.kind in self.kinds:
            self._webhook.send(alert)

    def follow(self, said: Alerts) -> None:
        """Have alerts told as a policy says. Raises AddressError, and then nothing has changed."""
        self.lead(said.webhook, said.format, said.secret)
        self.kinds = said.kinds

    def lead(self, said: str | None, form: Format = Format.SLACK, secret: str | None = None) -> None:
        """Have alerts go where a policy says: `alerts.webhook`. Those that wait go there, too.

        Raises AddressError, and then nothing has changed.
        """
        url = None if said is None else address(said, self._environment)
        sign = None if secret is None else signing(secret, self._environment)
        self._webhook.lead(url, FORMS[form], sign)

    async def stop(self, seconds: float) -> None:
        """Let those arrive that are on their way, for so long at most."""
        await self._webhook.stop(seconds)
