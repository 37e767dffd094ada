"""What can be done to a call that does not fit."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tollway.budget.bucket import Balance
from tollway.candidate import Candidate
from tollway.staying import Waits

NOT_ASKED = "its answer comes from the cache"
OPEN = "its socket is open to where it is"


class Ways(Struct, frozen=True, kw_only=True):
    """What can be done to a call that does not fit. Each makes another candidate of it."""

    clamp: Callable[[Candidate, Sequence[Balance]], Candidate | None]
    """With the largest output maximum that fits in all these buckets; None: it has none that may be lowered,
    or not so far."""
    least: Callable[[Candidate], Candidate]
    """The smallest that a clamp may make of it."""
    route: Callable[[Candidate, str, frozenset[str], Sequence[Balance]], Candidate | str]
    """Where a route sends it; a text: why it goes nowhere. The set: targets that it was sent to before; the
    balances are those of its buckets."""
    route_softly: Callable[[Candidate, str, frozenset[str], Sequence[Balance]], Candidate | Waits | str]
    """The same, unless its conversation loses more of a prompt cache than that saves."""
    insist: Callable[[Candidate], tuple[Candidate, tuple[str, ...]] | None]
    """Where it would have gone before any limit was asked, had that not lost more than it saved; and what is
    done for that. None: it did go."""
    tighten: Callable[[Candidate], Candidate | None]
    """With a smaller bound, by what earlier turns of its conversation reported; None: there is none."""
    renew: Callable[[Candidate], Candidate]
    """As it is now: a window may have ended meanwhile, or another policy be in force."""


def at_its_place(ways: Ways) -> Ways:
    """Those of a call that is asked for where it is, or not at all: on a socket that is open."""
    return replace(
        ways,
        route=lambda whole, name, tried, balances: OPEN,
        route_softly=lambda whole, name, tried, balances: OPEN,
        insist=lambda whole: None,
    )


def staying(renew: Callable[[Candidate], Candidate]) -> Ways:
    """Those of a call that no provider is asked: it is taken as it is, or not at all."""
    return Ways(
        clamp=lambda whole, balances: None,
        least=lambda whole: whole,
        route=lambda whole, name, tried, balances: NOT_ASKED,
        route_softly=lambda whole, name, tried, balances: NOT_ASKED,
        insist=lambda whole: None,
        tighten=lambda whole: None,
        renew=renew,
    )
