"""A row in FOCUS 1.2."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.focus.fold import About, Amounts, Key
from tollway.focus.row import OWN, STANDARD, columns, own_name, values

NOVEMBER_23 = 1_795_392_000_000_000
BY = ("team", "user", "tag.project", "claim.cost_center")


def key(**said: object) -> Key:
    """A row's key: GPT-5 input of Ann's."""
    about = {
        "period": NOVEMBER_23, "provider": "openai", "model": "gpt-5", "tier": None, "billing": "metered",
        "basis": "computed", "account": None, "group": ("search", "ann", "apollo", None),
    }  # fmt: skip
    rest = {"meter": "input", "unit": "Tokens", "price": 1_250_000, "list_price": 1_250_000}
    about = {name: said.pop(name, value) for name, value in about.items()}
    return Key(About(**about), **{**rest, **said})  # type: ignore[arg-type]


def test_a_row_says_all_that_the_specification_wants() -> None:
    row = values(key(), Amounts(120_000, 150_000_000, 150_000_000), BY, "day")

    assert {name: value for name, value in row.items() if value} == {
        "BilledCost": "0.15",
        "BillingAccountId": "openai",
        "BillingAccountName": "OpenAI",
        "BillingAccountType": "Account",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": "2026-12-01T00:00:00Z",
        "BillingPeriodStart": "2026-11-01T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeDescription": "gpt-5 input tokens",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodEnd": "2026-11-24T00:00:00Z",
        "ChargePeriodStart": "2026-11-23T00:00:00Z",
        "ConsumedQuantity": "120000.0",
        "ConsumedUnit": "Tokens",
        "ContractedCost": "0.15",
        "ContractedUnitPrice": "0.00000125",
        "EffectiveCost": "0.15",
        "InvoiceIssuerName": "OpenAI",
        "ListCost": "0.15",
        "ListUnitPrice": "0.00000125",
        "PricingCategory": "Standard",
        "PricingCurrency": "USD",
        "PricingCurrencyContractedUnitPrice": "0.00000125",
        "PricingCurrencyEffectiveCost": "0.15",
        "PricingCurrencyListUnitPrice": "0.00000125",
        "PricingQuantity": "120000.0",
        "PricingUnit": "Tokens",
        "ProviderName": "OpenAI",
        "PublisherName": "OpenAI",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": "OpenAI API",
        "ServiceSubcategory": "Generative AI",
        "SkuId": "openai:gpt-5:input",
        "SkuMeter": "input tokens",
        "SkuPriceDetails": '{"x_Model": "gpt-5", "x_TokenType": "input"}',
        "SkuPriceId": "openai:gpt-5:input:0.00000125",
        "SubAccountId": "search",
        "SubAccountName": "search",
        "SubAccountType": "Team",
        "Tags": '{"project": "apollo", "team": "search", "user": "ann"}',
        "x_Billing": "metered",
        "x_CostBasis": "computed",
        "x_Model": "gpt-5",
        "x_NotionalCost": "0.0",
        "x_Provider": "openai",
        "x_Team": "search",
        "x_TokenType": "input",
        "x_User": "ann",
    }


def test_columns_are_those_of_the_specification_then_ours_then_the_attributes() -> None:
    assert columns(BY) == (*STANDARD, *OWN, "x_Team", "x_User")
    assert [*values(key(), Amounts(1, 1, 1), BY, "day")] == [*columns(BY)]


def test_an_attribute_of_several_words_is_one_name() -> None:
    assert own_name("model_asked") == "x_ModelAsked"


def test_what_a_flat_plan_covers_is_billed_nothing_and_has_its_list_cost() -> None:
    row = values(key(billing="notional"), Amounts(100, 125_000, 125_000), BY, "day")

    assert [
        row[name] for name in ("BilledCost", "EffectiveCost", "ContractedCost", "ContractedUnitPrice")
    ] == [
        "0.0",
        "0.0",
        "0.0",
        "0.0",
    ]
    assert (row["ListCost"], row["x_NotionalCost"], row["PricingCategory"]) == (
        "0.000125",
        "0.000125",
        "Other",
    )


def test_what_no_unit_price_explains_is_priced_as_one_charge() -> None:
    row = values(key(price=None, list_price=None, tier="flex"), Amounts(700, 100, 200), BY, "day")

    assert (row["PricingQuantity"], row["PricingUnit"]) == ("1.0", "Charges")
    assert (row["ConsumedQuantity"], row["ConsumedUnit"]) == ("700.0", "Tokens")
    assert (row["ListUnitPrice"], row["ContractedUnitPrice"]) == ("0.0000002", "0.0000001")
    assert row["SkuPriceId"] == "openai:gpt-5:input:flex:blended"


def test_a_meter_that_counts_no_tokens_goes_by_its_name_and_a_call_without_a_model_by_its_provider() -> None:
    row = values(key(meter="web_searches", unit="Searches", model=None), Amounts(1, 1, 1), BY, "day")

    assert row["ChargeDescription"] == "openai web searches"
    assert row["SkuId"] == "openai:unknown:web_searches"
    assert row["x_Model"] == ""


def test_the_account_is_the_providers_where_it_is_known() -> None:
    row = values(key(account="org-made-up"), Amounts(1, 1, 1), BY, "day")

    assert (row["BillingAccountId"], row["BillingAccountName"]) == ("org-made-up", "org-made-up")


def test_columns_of_the_specification_are_ascii_and_ours_say_what_is_so() -> None:
    row = values(key(group=("Zürich\n", "ann", "ä", None), model="modèle"), Amounts(1, 1, 1), BY, "day")

    assert all(row[name].isascii() for name in STANDARD)
    assert (row["SubAccountId"], row["x_Team"]) == ("Z\\xfcrich\\n", "Zürich\n")
    assert (row["SkuId"], row["x_Model"]) == ("openai:mod\\xe8le:input", "modèle")
    assert json.loads(row["Tags"]) == {"team": "Zürich\n", "user": "ann", "project": "ä"}


def test_nobody_is_null() -> None:
    row = values(key(group=(None, None, None, None)), Amounts(1, 1, 1), BY, "day")

    assert [row[name] for name in ("SubAccountId", "SubAccountName", "SubAccountType", "x_User")] == [""] * 4
    assert row["Tags"] == "{}"


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("hour", "2026-11-23T01:00:00Z"),
        ("day", "2026-11-24T00:00:00Z"),
        ("month", "2026-12-01T00:00:00Z"),
    ],
)
def test_a_charge_period_ends_as_it_is_long(unit: str, end: str) -> None:
    assert values(key(), Amounts(1, 1, 1), BY, unit)["ChargePeriodEnd"] == end


@given(st.integers(1, 10**12), st.integers(0, 10**9), st.integers(0, 10**9))
def test_cost_is_unit_price_times_quantity_to_the_last_digit(
    quantity: int, price: int, list_price: int
) -> None:
    steps = 1_000
    amounts = Amounts(quantity * steps, quantity * price, quantity * list_price)
    row = values(key(price=price, list_price=list_price), amounts, BY, "day")

    for unit_price, cost in (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")):
        assert Decimal(row[unit_price]) * Decimal(row["PricingQuantity"]) == Decimal(row[cost])
        assert "E" not in row[unit_price]
    assert json.loads(row["SkuPriceDetails"])["x_TokenType"] == "input"
