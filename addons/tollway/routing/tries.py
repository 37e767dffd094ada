"""What is still to be tried for one call, when the target where it is fails."""

from msgspec import Struct
from msgspec.structs import replace

from tollway.routing.failing import Failing, Failure
from tollway.routing.resolve import Target
from tollway.routing.setting import Settings

LONGEST_PAUSE_US = 30_000_000
"""Before the last target is tried again; one that wants to be left alone for longer is not."""
SHORT_PAUSE_US = 5_000_000
"""The same where there is another target."""
FIRST_PAUSE_US = 500_000
"""It doubles each time."""
HALF = 500


class Tries(Struct, frozen=True, kw_only=True):
    """Of one call."""

    route: str
    """The name of the route that says so."""
    failing: Failing
    here: Target
    rest: tuple[Target, ...] = ()
    """Where it goes next, in this order."""
    repeated: int = 0
    """How often it was tried again where it is."""
    set: Settings = ()
    """What changes of the request, wherever it goes."""
    told: tuple[str, ...] = ()
    """What became of the tries before, in words: `anthropic/claude-opus-4-8 (529)`."""
    failed_at: frozenset[str] = frozenset()
    """The targets that were given up before this one, by their texts: no limit leads the call back there."""

    @property
    def has_more(self) -> bool:
        """Whether anything is left to be tried."""
        return bool(self.rest) or self.repeated < self.failing.retries

    def means(self, failure: Failure) -> bool:
        """Whether something else is tried after this."""
        return self.has_more and self.failing.means(failure)

    def pause_us(self, failure: Failure, per_mille: int) -> int | None:
        """How long to wait before the same target is tried again; None: it is not.

        The time doubles with each try; `per_mille`, of 0 to 999 and drawn anew each time, spreads it from
        half to one and a half. It is no shorter than what the target asks for.
        """
        if self.repeated >= self.failing.retries:
            return None
        us = FIRST_PAUSE_US * 2**self.repeated * (HALF + per_mille) // 1000
        us = max(us, failure.retry_after_us or 0)
        return us if us <= (SHORT_PAUSE_US if self.rest else LONGEST_PAUSE_US) else None

    def again(self, why: object) -> "Tries":
        """The same target once more."""
        return replace(self, repeated=self.repeated + 1, told=self._telling(why))

    def next(self, why: object) -> "Tries | None":
        """The next target; None: there is none."""
        if not self.rest:
            return None
        return replace(
            self,
            here=self.rest[0],
            rest=self.rest[1:],
            repeated=0,
            told=self._telling(why),
            failed_at=self.failed_at | {str(self.here)},
        )

    def after(self, former: "Tries") -> "Tries":
        """The same of a call that a limit moved when it was about to be the next of former tries."""
        return replace(self, told=former.told, failed_at=former.failed_at)

    def said(self, end: str | None = None) -> str:
        """What the client is told: `anthropic/a (529) -> bedrock-mantle/a`. `end`: where the call is now."""
        return " -> ".join((*self.told, end or str(self.here)))

    def failed(self, why: object) -> tuple[str, ...]:
        """What became of all tries, if that was the last."""
        return self._telling(why)

    def _telling(self, why: object) -> tuple[str, ...]:
        return (*self.told, f"{self.here} ({why})")
