"""What counts as a failure of a target, and what one is."""

from msgspec import Struct

from tollway.routing.breaker import Tripping

HUNDRED = 100


class Failure(Struct, frozen=True, kw_only=True):
    """How a target failed, before anything of its answer was passed on."""

    status: int | None = None
    """Of its answer; None: there was none."""
    late: bool = False
    """It took too long to begin its answer; else, without a status: no connection, or one that ended."""
    retry_after_us: int | None = None
    """When it wants to be asked again, as it says."""

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing for sure: an answer that is an error does."""
        return self.status is not None

    def __str__(self) -> str:
        if self.status is not None:
            return str(self.status)
        return "timeout" if self.late else "connect"


class Failing(Struct, frozen=True, kw_only=True):
    """What a rule of a route takes for a failure, and what it does then before the next target is tried."""

    statuses: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    """First digits of statuses."""
    connect: bool = False
    """No connection, or one that ends before the answer begins."""
    headers_us: int | None = None
    """How long a target may take to the head of its answer, the connection included."""
    first_byte_us: int | None = None
    """How long to the first byte of its body."""
    retries: int = 0
    """How often it is tried again before the next one is."""
    tripping: Tripping | None = None
    """When a target is left alone for a while; None: never."""

    def means(self, failure: Failure) -> bool:
        """Whether this is a failure here. That it is late is known only where a time was set."""
        if failure.status is None:
            return failure.late or self.connect
        return failure.status in self.statuses or failure.status // HUNDRED in self.classes
