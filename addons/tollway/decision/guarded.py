"""Which guardrails of a policy are about a call, as it comes."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.policy.document import Way
from tollway.policy.guardrails import GuardrailEntry
from tollway.policy.index import Index
from tollway.policy.schema import Policy


class GuardedSeen(Struct, frozen=True, kw_only=True):
    """What an entry of `guardrails` looks for in it, and what it does."""

    by: str
    line: int
    finds: tuple[str, ...]
    """Families and kinds; its own name for its words and patterns."""
    texts: str
    """`request`, `response` or `both`."""
    do: str
    generic: str
    """With what only looks like one."""
    shadow: bool = False


def guarded(
    policy: Policy, known: Mapping[str, Value], lines: Callable[[Way], int]
) -> tuple[GuardedSeen, ...]:
    """All that are about it. `lines`: where a value begins."""
    if not policy.guardrails:
        return ()
    places = Index([entry.match for entry in policy.guardrails]).find(known)
    return tuple(_seen(place, policy.guardrails[place], lines(("guardrails", place))) for place in places)


def _seen(place: int, entry: GuardrailEntry, line: int) -> GuardedSeen:
    own = (entry.name,) if entry.name is not None and (entry.words or entry.patterns) else ()
    return GuardedSeen(
        by=entry.name or f"guardrails[{place}]",
        line=line,
        finds=(*entry.find, *own),
        texts=entry.in_,
        do=entry.do,
        generic=entry.generic,
        shadow=entry.shadow,
    )
