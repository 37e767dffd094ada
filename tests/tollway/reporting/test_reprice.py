"""The bill at other prices; by hand, in USD per million tokens (genai-prices 0.2.3)."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.ledger.samples import call as record
from tests.tollway.prices.calls import BOOK, MILLION, call
from tollway.focus.meters import PARTS
from tollway.ledger.books import SqliteBooks
from tollway.ledger.charged import Charged
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.store import Books
from tollway.model import USAGE_FIELDS, Billing, CallRecord, Cost, Source, Usage
from tollway.prices.book import PriceBook
from tollway.prices.overrides import Override
from tollway.reporting.periods import moment
from tollway.reporting.reprice import Comparison, as_json, compare, reprice

UTC_ZONE = ZoneInfo("UTC")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PROVIDERS = (("openai", "gpt-5"), ("anthropic", "claude-opus-5-5"), ("deepseek", "deepseek-flash"))


def made(id: str = "a", provider: str = "openai", model: str = "gpt-5", **said: Any) -> CallRecord:
    """A recorded call, charged by the built-in prices; `said` as `calls.call` has it, and `billing`."""
    billing = said.pop("billing", Billing.METERED)
    at = said.setdefault("at", NOON)
    priced = call(provider, model, notional=billing is Billing.NOTIONAL, **said)
    return record(
        id, started_us=moment(at), provider=provider, host=priced.host, operation=priced.operation,
        model_asked=model, model=model, tier=priced.report.tier, usage=priced.report.usage or Usage(),
        billing=billing, cost=BOOK.price(priced),
    )  # fmt: skip


def row(recorded: CallRecord) -> Charged:
    """The call as re-pricing reads it."""
    return Charged(
        recorded.started_us, recorded.provider, recorded.host, recorded.operation, recorded.model_asked,
        recorded.model, recorded.model_served, recorded.tier, recorded.billing.value,
        recorded.cost.source.value, recorded.cost.nano, recorded.cost.price_version, recorded.calls,
        tuple(getattr(recorded.usage, name) for name in USAGE_FIELDS),
        tuple(getattr(recorded.cost, f"{part}_nano") for part in PARTS), (),
    )  # fmt: skip


def at_prices(*rows: dict[str, Any]) -> PriceBook:
    """The built-in prices under a list."""
    return PriceBook([Override.model_validate(each) for each in rows])


@contextmanager
def ledger(path: Path, *calls: CallRecord) -> Iterator[Books]:
    """A ledger of these calls, open."""
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in calls])
    with closing(SqliteBooks(path)) as books:
        yield books


def compared(path: Path, book: PriceBook, *calls: CallRecord, by: tuple[str, ...] = ("model",)) -> Comparison:
    """The bill of these calls, twice."""
    with ledger(path, *calls) as books:
        return compare(books, book, by, None, None, UTC_ZONE)


counts = st.none() | st.integers(0, 400_000)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(PROVIDERS),
    st.fixed_dictionaries(dict.fromkeys(USAGE_FIELDS, counts)).filter(lambda it: any(it.values())),
    st.sampled_from([None, "default", "flex", "priority", "batch", "odd"]),
    st.sampled_from([None, "fast"]),
    st.sampled_from([None, "us", "global"]),
    st.sampled_from(Billing),
    st.integers(0, 47),
)
def test_at_the_same_prices_a_call_costs_what_it_was_charged(
    model: tuple[str, str],
    usage: dict[str, Any],
    tier: str | None,
    speed: str | None,
    geo: str | None,
    billing: Billing,
    hour: int,
) -> None:
    """To the nano-dollar: in every tier, speed and region, at every time of day, under a plan or not."""
    at = NOON.replace(day=25 + hour // 24, hour=hour % 24)
    recorded = made(
        provider=model[0], model=model[1], tier=tier, speed=speed, geo=geo, billing=billing, at=at, **usage
    )

    assert reprice(row(recorded), PriceBook()) == recorded.cost.nano


def test_a_tier_that_was_asked_for_and_not_told_counts() -> None:
    """The row's price tells it: gpt-5 in flex, 0.625."""
    recorded = made(tier_asked="flex", input_tokens=MILLION)

    assert recorded.tier is None
    assert reprice(row(recorded), PriceBook()) == 625_000_000


def test_another_list_costs_something_else() -> None:
    """gpt-5: 1.25 + 10; at 1 + 2."""
    recorded = made(input_tokens=MILLION, output_tokens=MILLION)
    book = at_prices({"model": "gpt-5", "input": 1, "output": 2})

    assert (recorded.cost.nano, reprice(row(recorded), book)) == (11_250_000_000, 3_000_000_000)


@pytest.mark.parametrize(
    "kept",
    [
        made(input_tokens=5, cost_nano=7),
        made(),
        record("lost", state="lost", usage=Usage(), cost=Cost(input_nano=9, source=Source.ESTIMATED)),
        record("two", cost=Cost(input_nano=9, source=Source.COMPUTED, price_version="x a/b; a/c")),
        record("merged", cost=Cost(input_nano=9, source=Source.COMPUTED), calls=3),
    ],
    ids=["billed by the provider", "without a cost", "without usage", "of several models", "merged"],
)
def test_what_cannot_be_priced_again_stays_as_it_was_charged(kept: CallRecord) -> None:
    assert reprice(row(kept), at_prices({"model": "*sonnet*", "input": 1, "output": 1})) is None


def test_an_estimated_usage_is_priced_again() -> None:
    recorded = made(input_tokens=MILLION, estimated=True)

    assert recorded.cost.source is Source.ESTIMATED
    assert reprice(row(recorded), at_prices({"model": "gpt-5", "input": 1})) == 1_000_000_000


def test_both_bills_by_model_and_what_differs(tmp_path: Path) -> None:
    """gpt-5: 1.25 -> 1, twice; under a plan 1.25 -> 1; Claude stays: 4, and 7 nano-dollars billed."""
    book = at_prices({"model": "gpt-5", "input": 1})
    million: dict[str, Any] = {"input_tokens": MILLION}
    calls = (
        made("a", **million), made("b", **million), made("c", **million, billing=Billing.NOTIONAL),
        made("d", provider="anthropic", model="claude-opus-5-5", **million),
        made("e", provider="anthropic", model="claude-opus-5-5", input_tokens=5, cost_nano=7),
    )  # fmt: skip

    found = compared(tmp_path / "l.db", book, *calls)

    (first, claude), (second, gpt) = found.rows
    assert (first, second) == (("claude-opus-5-5",), ("gpt-5",))
    assert (claude.calls, claude.kept, claude.cost_nano, claude.repriced_nano) == (
        2, 1, 4_000_000_007, 4_000_000_007,
    )  # fmt: skip
    assert (gpt.calls, gpt.cost_nano, gpt.repriced_nano) == (3, 2_500_000_000, 2_000_000_000)
    assert (gpt.notional_nano, gpt.repriced_notional_nano) == (1_250_000_000, 1_000_000_000)
    assert (found.total.calls, found.total.repriced_nano) == (5, 6_000_000_007)
    assert found.prices == book.version


def test_the_ledger_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    compared(path, at_prices({"model": "gpt-5", "input": 1}), made(input_tokens=MILLION))

    with closing(SqliteBooks(path)) as books:
        [recorded] = books.calls()

    assert recorded == made(input_tokens=MILLION)


def test_periods_are_those_of_the_zone_and_come_in_their_order(tmp_path: Path) -> None:
    """Berlin's midnight is 23:00 UTC; a month and a day, a model between them."""
    one: dict[str, Any] = {"input_tokens": MILLION}
    eve, day = (
        made("a", at=NOON.replace(day=24, hour=22), **one),
        made("b", at=NOON.replace(day=24, hour=23), **one),
    )
    with ledger(tmp_path / "l.db", day, eve) as books:
        by = ("month", "model", "day")
        found = compare(books, PriceBook(), by, None, None, ZoneInfo("Europe/Berlin"))

    assert [group for group, _ in found.rows] == [
        ("2026-11", "gpt-5", "2026-11-24"),
        ("2026-11", "gpt-5", "2026-11-25"),
    ]


def test_a_span_and_no_group(tmp_path: Path) -> None:
    """The total alone."""
    calls = [made(str(hour), at=NOON.replace(hour=hour), input_tokens=MILLION) for hour in (1, 2, 3)]
    with ledger(tmp_path / "l.db", *calls) as books:
        since, until = (moment(NOON.replace(hour=hour)) for hour in (2, 3))
        found = compare(books, PriceBook(), (), since, until, UTC_ZONE)

    assert found.total.calls == 1
    assert [group for group, _ in found.rows] == [()]
    assert as_json(found)["since"] == "2026-11-25T02:00:00+00:00"


def test_json_has_stable_names_and_decimal_strings(tmp_path: Path) -> None:
    """1.25 -> 1."""
    book = at_prices({"model": "gpt-5", "input": 1})

    found = as_json(compared(tmp_path / "l.db", book, made(input_tokens=MILLION)))

    sums = {
        "calls": 1, "kept": 0, "cost_usd": "1.25", "repriced_usd": "1", "difference_usd": "-0.25",
        "notional_usd": "0", "repriced_notional_usd": "0",
    }  # fmt: skip
    assert found == {
        "since": None, "until": None, "by": ["model"], "prices": book.version,
        "rows": [{"model": "gpt-5", **sums}], "total": sums,
    }  # fmt: skip
