"""The bill as FOCUS, of real ledgers."""

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.ledger.samples import calls as any_calls
from tests.tollway.reporting.test_reprice import ledger
from tollway.ledger.charged import Charged
from tollway.model import CallRecord, Cost, Source, Usage
from tollway.money import usd
from tollway.reporting.bill import report
from tollway.reporting.focus import DEFAULT_BY, as_csv, header, period_of

DAY_US = 86_400_000_000


def rows(path: Path, *calls: CallRecord, by: Sequence[str] = DEFAULT_BY, **said: Any) -> list[dict[str, str]]:
    """The bill of these calls, read as CSV."""
    by_list = said.pop("by_list", lambda call: None)
    with ledger(path, *calls) as books:
        text = as_csv(books, by, said.get("since_us"), said.get("until_us"), by_list)
        return list(csv.DictReader("".join(text).splitlines()))


def test_a_row_for_each_day_model_token_type_and_identity(tmp_path: Path) -> None:
    found = rows(
        tmp_path / "ledger.db",
        call("1", user="ann"), call("2", user="ann"), call("3", user="bob"),
        call("4", user="ann", started_us=NOON_US + DAY_US),
    )  # fmt: skip

    shown = ("x_User", "x_TokenType", "PricingQuantity", "BilledCost")
    assert [
        (row["ChargePeriodStart"][:10], *(row[name] for name in shown))
        for row in found
    ] == [
        ("2026-11-25", "ann", "input", "200.0", "0.0006"),
        ("2026-11-25", "ann", "output", "20.0", "0.0003"),
        ("2026-11-25", "bob", "input", "100.0", "0.0003"),
        ("2026-11-25", "bob", "output", "10.0", "0.00015"),
        ("2026-11-26", "ann", "input", "100.0", "0.0003"),
        ("2026-11-26", "ann", "output", "10.0", "0.00015"),
    ]  # fmt: skip


def test_a_bounded_bill_has_the_calls_within_its_bounds(tmp_path: Path) -> None:
    calls = [call(str(day), started_us=NOON_US + day * DAY_US) for day in range(4)]
    found = rows(tmp_path / "ledger.db", *calls, since_us=NOON_US + 1, until_us=NOON_US + 3 * DAY_US)

    assert {row["ChargePeriodStart"][:10] for row in found} == {"2026-11-26", "2026-11-27"}


def test_what_operators_pay_stands_beside_the_list(tmp_path: Path) -> None:
    contract = Cost(
        input_nano=200_000, output_nano=100_000, source=Source.COMPUTED, price_version="1+overrides:ab x"
    )
    asked: list[Charged] = []

    def by_list(charged: Charged) -> tuple[int, ...]:
        asked.append(charged)
        return (300_000, 0, 0, 150_000, 0)

    found = rows(tmp_path / "ledger.db", call("1", cost=contract), call("2"), by_list=by_list)

    assert [charged.cost_nano for charged in asked] == [300_000]
    assert sorted(
        (row["x_TokenType"], row["ListCost"], row["ContractedCost"], row["EffectiveCost"]) for row in found
    ) == [
        ("input", "0.0003", "0.0002", "0.0002"),
        ("input", "0.0003", "0.0003", "0.0003"),
        ("output", "0.00015", "0.0001", "0.0001"),
        ("output", "0.00015", "0.00015", "0.00015"),
    ]


def test_what_the_list_does_not_know_has_the_price_that_was_charged(tmp_path: Path) -> None:
    cost = Cost(input_nano=200_000, source=Source.PROVIDER, price_version="1+list:ab x")
    (found,) = rows(
        tmp_path / "ledger.db", call(cost=cost, usage=Usage(input_tokens=100)), by_list=lambda call: None
    )

    assert (found["ListCost"], found["BilledCost"], found["x_CostBasis"]) == ("0.0002", "0.0002", "provider")


def test_an_account_and_tags_are_told(tmp_path: Path) -> None:
    found = rows(
        tmp_path / "ledger.db", call(account="org-1", tags={"project": "apollo"}), by=("hour", "tag.project")
    )

    assert {row["BillingAccountId"] for row in found} == {"org-1"}
    assert {row["ChargePeriodEnd"] for row in found} == {"2026-11-25T13:00:00Z"}
    assert [json.loads(row["Tags"]) for row in found] == [{"project": "apollo"}] * 2


def test_no_value_of_a_client_is_a_formula(tmp_path: Path) -> None:
    assert rows(tmp_path / "ledger.db", call(user="=cmd()"))[0]["x_User"] == "'=cmd()"


def test_a_bill_of_nothing_is_its_header(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as books:
        assert [*as_csv(books, DEFAULT_BY, None, None, lambda call: None)] == [header(DEFAULT_BY)]


@pytest.mark.parametrize(
    ("by", "said"), [(("week",), "and not week"), (("day", "hour"), "and not day and hour")]
)
def test_a_period_that_is_none_of_focus_is_refused(by: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=f"an hour, a day or a month, {said}"):
        period_of(by)


@pytest.mark.parametrize(("by", "period"), [((), "day"), (("user",), "day"), (("month", "user"), "month")])
def test_without_a_period_it_is_a_day(by: tuple[str, ...], period: str) -> None:
    assert period_of(by) == period


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_calls(), max_size=12), st.sampled_from(["hour", "day", "month"]))
def test_it_agrees_with_the_report_to_the_nano_dollar(
    tmp_path_factory: pytest.TempPathFactory, recorded: list[CallRecord], unit: str
) -> None:
    calls = [replace(each, id=str(number)) for number, each in enumerate(recorded)]
    path = tmp_path_factory.mktemp("focus") / "ledger.db"
    with ledger(path, *calls) as books:
        total = report(books, (), None, None, ZoneInfo("UTC")).total
        text = as_csv(books, (unit, "user", "provider"), None, None, lambda call: None)
        found = list(csv.DictReader("".join(text).splitlines()))

    def added(name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in found), Decimal())

    assert added("BilledCost") == added("EffectiveCost") == Decimal(usd(total.cost_nano))
    assert added("x_NotionalCost") == Decimal(usd(total.notional_nano))
    assert added("ListCost") == Decimal(usd(total.cost_nano + total.notional_nano))
    for row in found:
        quantity = Decimal(row["PricingQuantity"])
        assert Decimal(row["ListUnitPrice"]) * quantity == Decimal(row["ListCost"])
        assert Decimal(row["ContractedUnitPrice"]) * quantity == Decimal(row["ContractedCost"])
