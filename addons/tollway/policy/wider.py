"""Whether one `match` means all calls that another one means."""

from collections.abc import Mapping

from tollway.policy.pattern import Condition, covers, folded


def is_wider(match: Mapping[str, Condition], other: Mapping[str, Condition]) -> bool:
    """Whether all calls that the other means are meant, as far as that is certain."""
    return all(name in other and _holds(name, match[name], other[name]) for name in match)


def _holds(name: str, condition: Condition, other: Condition) -> bool:
    if condition.negated or other.negated:
        return condition == other
    wide = [folded(name, text) for text in condition.values]
    return all(any(covers(text, folded(name, each)) for text in wide) for each in other.values)
