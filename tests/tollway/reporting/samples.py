"""A bill for the tests of its forms."""

from zoneinfo import ZoneInfo

from tollway.ledger.sums import Sums
from tollway.reporting.bill import Bill

EMPTY = Bill(("model",), (), Sums(), ZoneInfo("UTC"))


def bill() -> Bill:
    """Two days, two models, one of them unknown; a part is estimated, and a part under a flat plan."""
    rows = (
        (("2026-11-22", "claude-opus-4-8"), Sums(1200, 12_340_000_000, 0, 1_000_000_000, {
            "input_tokens": 1_234_567, "cache_read_tokens": 1_000_000, "output_tokens": 4_321,
        })),
        (("2026-11-22", None), Sums(1, 0, 500_000_000, 0, {"input_tokens": 0})),
        (("2026-11-23", "=cmd()\x1b[31m"), Sums(2, 5_000_000_000, 0, 0, {})),
    )  # fmt: skip
    total = Sums()
    for _, sums in rows:
        total.add(sums)
    return Bill(("day", "model"), rows, total, ZoneInfo("Europe/Berlin"), 1_795_302_000_000_000, None)
