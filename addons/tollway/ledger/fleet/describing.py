"""What Redis keeps of a bucket beside its sums: for those who look, and until when."""

import msgspec

from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.store import BucketRow

AFTER_US = 2 * 86_400_000_000
"""How long a window is kept after its end."""
MOST_KNOWN = 100_000
"""Buckets; with more, it starts anew."""
LEAST_US = 60_000_000
"""How long any bucket is kept that was moved."""
AGAIN_US = 3_600_000_000
"""How soon a bucket is described again: else what is in use might expire."""


class Description(msgspec.Struct, frozen=True, array_like=True):
    """Of one bucket, under its limit's terms."""

    bucket: Bucket
    amount: int
    enforce: Enforce


class Descriptions:
    """What was described, by the buckets' names."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Enforce, int]] = {}

    def forget(self) -> None:
        """Redis has nothing of it any more."""
        self._known.clear()

    def of(
        self, name: str, bucket: Bucket, amount: int, enforce: Enforce, now_us: int
    ) -> tuple[int, str, int]:
        """In how many milliseconds a bucket expires, its description, and since when it counts; the latter
        only if it was none yet. 0 and "" where Redis knows."""
        if self._knows(name, amount, enforce, now_us):
            return 0, "", now_us
        told = Description(bucket, amount, enforce)
        return expires_ms(bucket, now_us), msgspec.json.encode(told).decode(), now_us

    def told(self, name: str, amount: int, enforce: Enforce, now_us: int) -> None:
        """Redis has it."""
        if not self._knows(name, amount, enforce, now_us):
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[name] = amount, enforce, now_us

    def _knows(self, name: str, amount: int, enforce: Enforce, now_us: int) -> bool:
        known = self._known.get(name)
        return known is not None and known[:2] == (amount, enforce) and now_us < known[2] + AGAIN_US


def expires_ms(bucket: Bucket, now_us: int) -> int:
    """In how many milliseconds a bucket may be forgotten that nobody touches."""
    end_us = bucket.end_us if bucket.end_us is not None else now_us + (bucket.rolling_us or 0)
    return max(LEAST_US, end_us + AFTER_US - now_us) // 1_000


def row_of(text: bytes, settled: int, held: int, began_us: int) -> BucketRow:
    """A bucket for those who look."""
    told = msgspec.json.decode(text, type=Description)
    return BucketRow(
        bucket=told.bucket,
        amount=told.amount,
        enforce=told.enforce,
        settled=settled,
        held=held,
        started_us=began_us,
    )
