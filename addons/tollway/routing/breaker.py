"""Circuit breakers: a target that keeps failing is left alone for a while, then tried by one call alone."""

from msgspec import Struct
from msgspec.structs import replace


class Tripping(Struct, frozen=True, kw_only=True):
    """When a breaker opens, and for how long."""

    failures: int = 5
    """In a row."""
    rest_us: int = 30_000_000


class Breaker(Struct, frozen=True, kw_only=True):
    """Of one target. Each change makes another."""

    failures: int = 0
    """In a row, the last included."""
    until_us: int = 0
    """Until when it is left alone."""

    def is_open(self, now_us: int) -> bool:
        """Whether calls are to pass the target over."""
        return now_us < self.until_us

    def failed(self, tripping: Tripping, now_us: int, retry_after_us: int | None = None) -> "Breaker":
        """After a failure. A target that says when it wants to be asked again is left alone as long."""
        failures = self.failures + 1
        until_us = self.until_us
        if failures >= tripping.failures:
            until_us = max(until_us, now_us + tripping.rest_us)
        if retry_after_us is not None:
            until_us = max(until_us, now_us + retry_after_us)
        return Breaker(failures=failures, until_us=until_us)

    def asked(self, tripping: Tripping, now_us: int) -> "Breaker":
        """Once a call goes there: after a rest it is the only one until it has an answer, or another rest is
        over."""
        if self.failures < tripping.failures:
            return self
        return replace(self, until_us=max(self.until_us, now_us + tripping.rest_us))
