"""What a call in flight is likely to write: limits that are not hard hold that, and its input's estimate."""

from tollway.model import Asked
from tollway.wire.output_fields import ANSWERS

TYPICAL = 1_000
"""Tokens of an answer: of 917 recorded ones, 97 in a hundred have no more."""


def likely_output(operation: str, asked: Asked | None) -> int:
    """Tokens of output: TYPICAL, or fewer where the caller allows no more.

    0 for what writes no answer, and for what was not read: the provider will refuse it.
    """
    if asked is None or operation not in ANSWERS:
        return 0
    return min(asked.max_output_tokens or TYPICAL, TYPICAL)
