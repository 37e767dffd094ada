"""How what a bucket has settled came about: samples of it, few enough to be kept, and what they tell."""

from collections.abc import Sequence
from itertools import pairwise

Samples = tuple[tuple[int, int], ...]
"""Moments, in microseconds, and what was settled by then; rising moments."""

MOST = 48
"""Samples of one bucket; with more, every other one is let go of."""
APART = 36
"""A further sample is taken once this part of the time since the window began has passed since the last."""


def sampled(samples: Samples, since_us: int, now_us: int, settled: int) -> Samples:
    """The samples with one more, unless it is too near to the last. `since_us`: when the window began.

    What was seen by a clock that was ahead, and was set back, is let go of.
    """
    if samples and samples[-1][0] > now_us:
        samples = tuple([each for each in samples if each[0] <= now_us])
    if samples and (now_us - samples[-1][0]) * APART < now_us - since_us:
        return samples
    grown = (*samples, (now_us, settled))
    return grown if len(grown) <= MOST else grown[1::2]


def pieces(
    samples: Sequence[tuple[int, int]], since_us: int, now_us: int, settled: int, number: int
) -> list[int]:
    """What was spent in each of so many equal parts of [since, now], in their order; none is below zero.

    What came between two samples counts where the later one is: a single call is never spread. So all that
    came before the first sample is in one part.
    """
    edges = [since_us + (now_us - since_us) * part // number for part in range(1, number)]
    by_then, seen, place = [0], 0, 0
    for edge in edges:
        while place < len(samples) and samples[place][0] <= edge:
            seen = samples[place][1]
            place += 1
        by_then.append(seen)
    by_then.append(settled)
    return [max(after - before, 0) for before, after in pairwise(by_then)]
