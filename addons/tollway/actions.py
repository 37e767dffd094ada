"""What was done to a call, read from its row (`CallRecord.action`): one reader for all who ask."""

import re
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What was done; the value is the word that the row begins to say it with, but of the last two."""

    ROUTE = "route"
    """A route sent it elsewhere."""
    CLAMP = "clamp"
    """Its output maximum, or the cap on its tool calls, was lowered."""
    WAIT = "wait"
    """It waited for others to end."""
    SET = "set"
    """A route changed parameters of it."""
    BLOCK = "block"
    """It was refused; by a guardrail, for what is said behind it; by a limit or a rate, if BY and its name
    are."""
    REDACT = "redact"
    """A guardrail took something out of it."""
    FLAG = "flag"
    """A guardrail found something in it."""
    BACK = "goes"
    """It went back to where it was asked for."""
    STAYS = "stays"
    """It stayed where its conversation has its prompt cache."""
    AFTER = "after"
    """It took the place of attempts that failed."""
    POSTPONED = "postponed"
    """A route would have sent it elsewhere, but for its prompt cache."""
    SKIPPED = "skipped"
    """A route could not take it."""


WORDS = {kind.value: kind for kind in Kind if kind not in (Kind.POSTPONED, Kind.SKIPPED)}
NOT_TAKEN = {" skipped: ": Kind.SKIPPED, " waits: ": Kind.POSTPONED}
"""Why a route was not taken is said behind these."""
LEVEL = re.compile(r" at \d+%$")
"""Behind a route's name: the share of the limit's amount at which it is taken."""


BY = "by "


def block_by(name: str) -> str:
    """The refusal of a limit or a rate, as the row says it."""
    return f"{Kind.BLOCK.value} {BY}{name}"


def blocked_by(said: str | None) -> str | None:
    """The name of the limit or rate that refused it. None: none did, or an earlier release wrote the row."""
    last = kinds(said).get(Kind.BLOCK, "")
    return last.removeprefix(BY) if last.startswith(BY) else None


class Action(Struct, frozen=True):
    """One thing that was done."""

    kind: Kind
    said: str = ""
    """More of it: the new maximum, the route's name, the parameters ..."""

    @property
    def route(self) -> str:
        """The name of the route that it is about."""
        return LEVEL.sub("", self.said)


def actions(said: str | None) -> tuple[Action, ...]:
    """All that was done, in its order. What follows a comma and begins with none of the words is more of the
    one before: `set temperature, top_p`."""
    found: list[Action] = []
    for part in said.split(", ") if said else ():
        word, _, rest = part.partition(" ")
        kind = WORDS.get(word)
        if kind is not None:
            found.append(_action(kind, rest))
        elif found:
            found[-1] = Action(found[-1].kind, f"{found[-1].said}, {part}")
    return tuple(found)


def kinds(said: str | None) -> dict[Kind, str]:
    """By kind, in the order of their first, what the last of each says."""
    return {action.kind: action.said for action in actions(said)}


def _action(kind: Kind, rest: str) -> Action:
    if kind is Kind.ROUTE:
        for words, other in NOT_TAKEN.items():
            if words in rest:
                return Action(other, rest.partition(words)[0])
    return Action(kind, rest)


FAILED_ON_THE_WAY = {"not_connected": "connect", "not_taken": "connect", "timeout": "timeout", "cut": "cut"}
"""What a row says in the place of a status, or beside it, where the provider's end is to blame."""
UNREADABLE = "unreadable"
"""What a row says of a request that nothing here reads: it passes, unless a limit refuses it for that."""
ABANDONED = "abandoned"


def refusal(status: int | None, error: str | None, said: str | None) -> str | None:
    """Why Tollway refused a call, as its client was told; None: it did not. `status` and `error` of its row;
    `said`: what was done to it."""
    if status is not None or error in (None, ABANDONED, *FAILED_ON_THE_WAY):
        return None
    passes = error == UNREADABLE and Kind.BLOCK not in kinds(said)
    return None if passes else error
