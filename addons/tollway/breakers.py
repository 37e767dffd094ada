"""Which targets of routes failed lately, as this process knows."""

from collections.abc import Callable

from tollway.routing.breaker import Breaker, Tripping
from tollway.routing.failing import Failure

TOO_MANY = 429
MOST = 10_000
"""Targets that are remembered; then all are forgotten."""
LONGEST = 512
"""Characters of a target; of longer ones nothing is remembered: clients choose what models are called."""


class Breakers:
    """A breaker for each target, and for each credential that a target has had too much of.

    How much is too much hangs on the credential, so a caller's own says nothing of those of others. Targets
    are given as `provider/model`, credentials by the fingerprint of what the caller shows.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._breakers: dict[tuple[str, str | None], Breaker] = {}

    def rest(self, target: str, credential: str | None) -> bool:
        """Whether a call is to pass a target over."""
        now_us = self._now_us()
        found = [self._breakers.get(key) for key in ((target, None), (target, credential))]
        return any(breaker.is_open(now_us) for breaker in found if breaker is not None)

    def asked(self, target: str, credential: str | None, tripping: Tripping | None) -> None:
        """A call goes there."""
        for key in ((target, None), (target, credential)):
            if tripping is not None and (known := self._breakers.get(key)) is not None:
                self._breakers[key] = known.asked(tripping, self._now_us())

    def failed(
        self, target: str, credential: str | None, tripping: Tripping | None, failure: Failure
    ) -> None:
        """It failed there."""
        if tripping is None or len(target) > LONGEST:
            return
        key = target, credential if failure.status == TOO_MANY else None
        if len(self._breakers) >= MOST:
            self._breakers.clear()
        known = self._breakers.get(key) or Breaker()
        self._breakers[key] = known.failed(tripping, self._now_us(), failure.retry_after_us)

    def answered(self, target: str, credential: str | None) -> None:
        """It was answered there."""
        for key in ((target, None), (target, credential)):
            self._breakers.pop(key, None)

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)
