"""One rule of a policy's `access`, ready to be held against calls."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import orjson

from tollway.access.condition import Judge, judge
from tollway.access.seen import Seen
from tollway.policy.access import AccessEntry
from tollway.policy.pattern import Condition, folded

type Kind = Literal["allow", "deny"]


class Rule:
    """Allows or denies the calls that meet all of its conditions, but for those that meet its `unless`."""

    def __init__(self, place: int, entry: AccessEntry) -> None:
        """`place`: in the policy's list."""
        self.place = place
        self.name = entry.name or f"access[{place}]"
        self.kind: Kind = "allow" if entry.allow is not None else "deny"
        self.rank = Rank(entry.name is None, entry.name or _meaning(entry))
        """Of two rules that decide, the lesser is named: wherever they stand in the file."""
        self._conditions = _judges(entry.match)
        self._unless = _judges(entry.unless or {})
        self.leans_on_models = "model" in {*entry.match, *(entry.unless or {})}
        """Whether a condition asks for the model."""

    def means_surely(self, seen: Seen) -> bool:
        """Whether it is about a call for certain."""
        return all(met(seen).surely for met in self._conditions) and not self._spares(seen, surely=False)

    def may_mean(self, seen: Seen) -> bool:
        """Whether it may be about a call."""
        return all(met(seen).possibly for met in self._conditions) and not self._spares(seen, surely=True)

    def means(self, seen: Seen) -> bool:
        """Whether it counts: a deny rule that may be about the call does, an allow rule only if it is."""
        return self.may_mean(seen) if self.kind == "deny" else self.means_surely(seen)

    def _spares(self, seen: Seen, surely: bool) -> bool:
        """Whether the call meets all of `unless`."""
        met = [each(seen) for each in self._unless]
        return bool(met) and all(one.surely if surely else one.possibly for one in met)


class Rank(NamedTuple):
    """What rules are sorted by."""

    is_unnamed: bool
    text: str
    """The name, or what the rule says."""


def _judges(match: Mapping[str, Condition]) -> tuple[Judge, ...]:
    return tuple(judge(name, condition) for name, condition in match.items())


def _meaning(entry: AccessEntry) -> str:
    """What a rule says, the same in whatever order it is said."""
    parts = [_plain(part) for part in (entry.allow, entry.deny, entry.unless)]
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()


def _plain(match: Mapping[str, Condition] | None) -> dict[str, object] | None:
    if match is None:
        return None
    return {
        name: [condition.negated, sorted({folded(name, text) for text in condition.values})]
        for name, condition in match.items()
    }
