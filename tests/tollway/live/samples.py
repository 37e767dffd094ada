"""A ledger at one moment, for the tests of the view."""

from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.reporting.budget_samples import ROWS
from tollway.ledger.store import REFUSAL, Raised
from tollway.live.snapshot import Minute, Snapshot
from tollway.live.span import Span
from tollway.live.spent import Line
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.money import NANO
from tollway.plans.seen import of_call
from tollway.reporting.budgets import standings
from tollway.sockets.events import Gauge, Gauges

SECOND = 1_000_000
BERLIN = ZoneInfo("Europe/Berlin")
CALLS = (
    call(
        "c5", state="open", started_us=NOON_US - 3 * SECOND, user="ann", program="claude-cli",
        model="claude-haiku-4-5", model_asked="claude-opus-4-5", usage=Usage(),
        cost=Cost(input_nano=2_000_000), action="route economy, clamp 512",
    ),
    call(
        "c4", started_us=NOON_US - 5 * SECOND, ended_us=NOON_US - 4 * SECOND, user="bob", session="s-1",
        program="codex", status=529, usage=Usage(), cost=Cost(),
    ),
    call(
        "c3", started_us=NOON_US - 70 * SECOND, first_byte_us=NOON_US - 69 * SECOND, ended_us=NOON_US,
        user="ann", session="s-2", program="claude-cli", status=200,
        usage=Usage(input_tokens=15_000, cache_read_tokens=14_000, output_tokens=600),
    ),
    call(
        "c2", started_us=NOON_US - 80 * SECOND, ended_us=NOON_US - 80 * SECOND, error="over_limit",
        model="gpt-5", user="eve\x1b[31m", action="block", usage=Usage(), cost=Cost(),
    ),
    call(
        "c1", started_us=NOON_US - 90 * SECOND, ended_us=NOON_US - 85 * SECOND, client="10.0.0.9", status=200,
        billing=Billing.NOTIONAL, cost=Cost(output_nano=20_000_000, source=Source.ESTIMATED), model="gpt-5",
    ),
)  # fmt: skip
"""Latest first: in flight, refused by its provider, answered, refused here, under a flat plan."""


def line(value: str | None = None, cost_nano: int = NANO, **fields: Any) -> Line:
    """What some calls come to."""
    plain: dict[str, Any] = {"calls": 12, "notional_nano": 0, "course": (0, cost_nano // 2, cost_nano)}
    return Line(value=value, cost_nano=cost_nano, **{**plain, **fields})


def raised(level: int = 80, at_us: int = NOON_US) -> Raised:
    """An alert of the team's budget."""
    return Raised(bucket=ROWS[1].bucket, level=level, at_us=at_us)


PLANS = (
    of_call(
        "anthropic", "0e1f2a3b-4c5d", "ann",
        Gauges(
            at=NOON_US - 90 * SECOND,
            gauges=(
                Gauge(
                    name="5h", used_percent=42.0, window_minutes=300, resets=NOON_US + 5_400 * SECOND
                ),
                Gauge(name="7d", used_percent=85.5, resets=NOON_US + 200_000 * SECOND),
            ),
        ),
    ),
    of_call(
        "chatgpt", "acc-1", None,
        Gauges(
            at=NOON_US,
            gauges=(Gauge(name="primary", used_percent=100.0), Gauge(name="chat", remaining=469)),
            plan="pro", meter="fox", credits="9.99",
        ),
    ),
)  # fmt: skip
"""Of two log-ins."""


def snapshot(calls: tuple[CallRecord, ...] = CALLS, **fields: Any) -> Snapshot:
    """Noon in Berlin's winter is 13:00."""
    models = (line("claude-sonnet-4-5", 2 * NANO), line("gpt-5", 0, notional_nano=NANO // 50, calls=1))
    plain: dict[str, Any] = {
        "now_us": NOON_US,
        "zone": BERLIN,
        "span": Span.TODAY,
        "standings": standings(ROWS, NOON_US),
        "total": line(None, 2 * NANO, notional_nano=NANO // 50, calls=13),
        "spent": {
            "user": (line("ann"), line(None, calls=1)),
            "team": (), "model": models, "provider": (), "program": (),
        },
        "minutes": (Minute(1, NANO // 10), Minute(4, NANO // 2), Minute(0, 0)),
        "alerts": (raised(REFUSAL), raised()),
        "orphaned": frozenset(),
    }  # fmt: skip
    return Snapshot(calls=calls, **{**plain, **fields})


def plain(lines: list[Text]) -> list[str]:
    """What a terminal without colours shows."""
    return [line.plain.rstrip() for line in lines]
