"""Whether a limit will be exceeded before its window ends, if calls go on as they did.

What has passed of the window is cut into twelve equal pieces. A limit is foretold to be exceeded once

- a tenth of its window has passed since the first call in it, and its amount is not spent yet;
- something was spent in half of the pieces at least: a burst is no pace, nor is a short spell of work;
- what was spent without the dearest piece, and for the rest of the window the pace at which it went, come to
  more than the amount. The pace is that of all pieces without what the two dearest spent, or that of the last
  three pieces, whichever is slower: what has become quiet has none.

So a spend that is spread evenly and stays within the amount is never told: of N calls that cost the same, k
were seen after (k - 1)/N of the window at the earliest, and without the dearest pieces these come to N
calls at the most. Nor is one burst that lasts a twentieth of the window or less. A steady spend that would
exceed the amount by a quarter or more is told at a tenth of the window, one that would by a sixth at about a
half: before two thirds of the amount are spent. Of less than an eighth a limit's levels tell; and of a day
whose night was quiet, until so late that they may have been first.

A rolling window has no end. It is foretold for its first length, from its first call on: later, what leaves
makes room for what comes.
"""

from collections.abc import Sequence

from msgspec import Struct

from tollway.alerts.course import pieces
from tollway.budget.bucket import Bucket

PIECES = 12
SPENT_IN = 6
"""In so many pieces something was spent at the least."""
LATEST = 3
"""So many pieces are the recent span: a quarter of what has passed."""
DEAREST = 2
"""What so many pieces spent is left out of the pace."""
FIRST = 10
"""A tenth of a window from the first call on is too early to tell."""


class Standing(Struct, frozen=True, kw_only=True):
    """A bucket in a window that ends. Amounts are in its unit, money in nano-dollars; times microseconds."""

    bucket: Bucket
    amount: int
    settled: int
    since_us: int
    until_us: int
    first_us: int
    """When its first call came."""


class Forecast(Struct, frozen=True, kw_only=True):
    """A limit that will be exceeded."""

    standing: Standing
    total: int
    """What will be settled when the window ends, at that pace; in the bucket's unit."""
    spent_us: int
    """When the amount will be spent."""


def standing(bucket: Bucket, amount: int, settled: int, first_us: int) -> Standing | None:
    """What there is to go by; None: of a rate, which is no spend. `first_us`: when its first call came."""
    if bucket.is_rate:
        return None
    since_us = bucket.start_us if bucket.rolling_us is None else first_us
    until_us = since_us + bucket.rolling_us if bucket.rolling_us is not None else bucket.end_us
    if until_us is None:
        return None
    return Standing(
        bucket=bucket, amount=amount, settled=settled, since_us=since_us, until_us=until_us,
        first_us=max(first_us, since_us),
    )  # fmt: skip


def forecast(found: Standing, samples: Sequence[tuple[int, int]], now_us: int) -> Forecast | None:
    """The forecast for a bucket; None: it will not be exceeded, or nobody knows.

    `samples`: what was settled by earlier moments of the window, as of `course.sampled`.
    """
    passed_us, left_us = now_us - found.since_us, found.until_us - now_us
    left, spends_us = found.amount - found.settled, now_us - found.first_us
    if left <= 0 or left_us <= 0 or spends_us <= 0 or spends_us * FIRST < passed_us + left_us:
        return None
    spent = pieces(samples, found.since_us, now_us, found.settled, PIECES)
    if sum([each > 0 for each in spent]) < SPENT_IN:
        return None
    dearest = sorted(spent)[-DEAREST:]
    # What would be spent in as much time as has passed.
    pace = min(sum(spent) - sum(dearest), sum(spent[-LATEST:]) * PIECES // LATEST)
    to_come = pace * left_us // passed_us
    if found.settled - dearest[-1] + to_come <= found.amount:
        return None
    return Forecast(standing=found, total=found.settled + to_come, spent_us=now_us + left * passed_us // pace)
