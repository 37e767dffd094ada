"""Limits that are about sessions: the ledger says whether one keeps them apart, and not what it matches."""

from pathlib import Path

from tollway.ledger.cutting.reach import SESSION


def by_session(policy: Path | None) -> frozenset[str]:
    """The names of a policy's limits that match calls by session. It could be read before (`zone_of`)."""
    if policy is None:
        return frozenset()
    from tollway.policy.document import read

    value = read(policy.read_text("utf-8-sig")).value
    limits = value.get("limits") if isinstance(value, dict) else None
    entries = [each for each in limits or () if isinstance(each, dict)] if isinstance(limits, list) else []
    return frozenset(str(each.get("name")) for each in entries if _matches(each.get("match")))


def _matches(match: object) -> bool:
    return isinstance(match, dict) and SESSION in match
