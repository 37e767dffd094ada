"""So many findings, and no more."""

from msgspec.structs import replace

from tollway.guardrails.found import Found, Tier

MOST = 1000
"""Findings of one text."""


def bounded(found: list[Found], length: int) -> list[Found]:
    """MOST of those of a text of `length` characters. The last of more goes to the text's end, and is as sure
    as the surest of the rest: nothing is let by.
    """
    if len(found) <= MOST:
        return found
    rest = found[MOST - 1 :]
    surest = min(rest, key=lambda one: one.tier is not Tier.CERTAIN)
    return [*found[: MOST - 1], replace(surest, start=rest[0].start, end=length)]
