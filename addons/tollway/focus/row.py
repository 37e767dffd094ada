"""A row of the bill as FOCUS 1.2 has it: every column as text, in the order of COLUMNS."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tollway.focus.fold import NOTIONAL, Amounts, Key
from tollway.focus.meters import CHARGES, STEPS, TOKENS
from tollway.focus.names import issuer, service
from tollway.money import usd

VERSION = "1.2"
STANDARD = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
    "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription",
    "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountStatus",
    "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
    "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingCurrency",
    "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
    "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId",
    "SubAccountName", "SubAccountType", "Tags",
)  # fmt: skip
"""The columns of FOCUS that a bill of AI calls has. The validator asks for some that are always empty."""
OWN = ("x_Provider", "x_Model", "x_TokenType", "x_Tier", "x_Billing", "x_CostBasis", "x_NotionalCost")
"""Ours, as the specification wants them named; one for each attribute follows."""

_DAY = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def columns(by: Sequence[str]) -> tuple[str, ...]:
    """All columns of a bill that is kept apart by these attributes."""
    return (*STANDARD, *OWN, *map(own_name, filter(is_column, by)))


def is_column(attribute: str) -> bool:
    """Whether an attribute has a column; tags and claims are in `Tags` alone."""
    return "." not in attribute


def own_name(attribute: str) -> str:
    """cost_source -> x_CostSource."""
    return "x_" + "".join(word.capitalize() for word in attribute.split("_"))


def values(key: Key, amounts: Amounts, by: Sequence[str], unit: str) -> dict[str, str]:
    """The row by its columns; empty text is null. `unit` is the charge period: hour, day or month."""
    said = dict(zip(by, key.about.group, strict=True))
    standard = {**_when(key, unit), **_what(key), **_money(key, amounts), **_who(key, said)}
    return {
        **dict.fromkeys(columns(by), ""),
        **{name: _plain(value) for name, value in standard.items()},
        **_ours(key, amounts),
        **{own_name(name): _text(value) for name, value in said.items() if is_column(name)},
    }


def _when(key: Key, unit: str) -> dict[str, str]:
    start = datetime.fromtimestamp(key.about.period // 1_000_000, UTC)
    month = start.replace(day=1, hour=0)
    next_month = (month + timedelta(days=32)).replace(day=1)
    return {
        "BillingPeriodStart": _iso(month),
        "BillingPeriodEnd": _iso(next_month),
        "ChargePeriodStart": _iso(start),
        "ChargePeriodEnd": _iso(start + _DAY[unit] if unit in _DAY else next_month),
    }


def _what(key: Key) -> dict[str, str]:
    name, sku = issuer(key.about.provider), _sku(key)
    details = {"x_Model": _text(key.about.model), "x_TokenType": key.meter, "x_Tier": _text(key.about.tier)}
    return {
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{key.about.model or key.about.provider} {_words(key)}",
        "ChargeFrequency": "Usage-Based",
        "InvoiceIssuerName": name,
        "ProviderName": name,
        "PublisherName": name,
        "ServiceCategory": "AI and Machine Learning",
        "ServiceSubcategory": "Generative AI",
        "ServiceName": service(key.about.provider),
        "SkuId": sku,
        "SkuMeter": _words(key),
        "SkuPriceDetails": _json({name: value for name, value in details.items() if value}),
        "SkuPriceId": f"{sku}:{_price_name(key)}",
    }


def _ours(key: Key, amounts: Amounts) -> dict[str, str]:
    return {
        "x_Provider": key.about.provider,
        "x_Model": _text(key.about.model),
        "x_TokenType": key.meter,
        "x_Tier": _text(key.about.tier),
        "x_Billing": key.about.billing,
        "x_CostBasis": key.about.basis,
        "x_NotionalCost": _amount(amounts.nano if key.about.billing == NOTIONAL else 0),
    }


def _money(key: Key, amounts: Amounts) -> dict[str, str]:
    covered = key.about.billing == NOTIONAL
    single = key.price is not None
    nano = 0 if covered else amounts.nano
    quantity = amounts.quantity if single else 1
    charged, listed = (
        (key.price, key.list_price) if single else (amounts.nano * STEPS, amounts.list_nano * STEPS)
    )
    billed, contracted = _amount(nano), _price(0 if covered else charged or 0)
    return {
        "BillingCurrency": "USD",
        "PricingCurrency": "USD",
        "PricingCategory": "Other" if covered else "Standard",
        "PricingQuantity": _number(quantity),
        "PricingUnit": key.unit if single else CHARGES,
        "ConsumedQuantity": _number(amounts.quantity),
        "ConsumedUnit": key.unit,
        "BilledCost": billed,
        "EffectiveCost": billed,
        "PricingCurrencyEffectiveCost": billed,
        "ContractedCost": billed,
        "ContractedUnitPrice": contracted,
        "PricingCurrencyContractedUnitPrice": contracted,
        "ListCost": _amount(amounts.list_nano),
        "ListUnitPrice": _price(listed or 0),
        "PricingCurrencyListUnitPrice": _price(listed or 0),
    }


def _who(key: Key, said: Mapping[str, str | int | None]) -> dict[str, str]:
    team = _text(said.get("team"))
    tags = {name.removeprefix("tag."): _text(value) for name, value in said.items() if value is not None}
    return {
        "BillingAccountId": key.about.account or key.about.provider,
        "BillingAccountName": key.about.account or issuer(key.about.provider),
        "BillingAccountType": "Account",
        "SubAccountId": team,
        "SubAccountName": team,
        "SubAccountType": "Team" if team else "",
        "Tags": _json(tags),
    }


def _sku(key: Key) -> str:
    return ":".join((key.about.provider, key.about.model or "unknown", key.meter))


def _price_name(key: Key) -> str:
    tier = f"{key.about.tier}:" if key.about.tier else ""
    return tier + ("blended" if key.list_price is None else _price(key.list_price))


def _words(key: Key) -> str:
    words = key.meter.replace("_", " ")
    return f"{words} tokens" if key.unit == TOKENS else words


def _iso(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _number(count: int) -> str:
    # A reader that guesses types takes a column of whole numbers for integers, which these are not to be.
    return f"{count}.0"


def _amount(nano: int) -> str:
    text = usd(nano)
    return text if "." in text else f"{text}.0"


def _price(steps: int) -> str:
    """A unit's price in USD, of thousandths of a nano-dollar, without an exponent."""
    text = f"{Decimal(steps).scaleb(-12):f}"
    return text.rstrip("0") + ("0" if text.rstrip("0").endswith(".") else "") if "." in text else f"{text}.0"


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _json(values: Mapping[str, str]) -> str:
    return json.dumps(values, sort_keys=True)


def _plain(text: str) -> str:
    """In printable ASCII, as the validator wants strings (StringHandling): what is not is escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in text)
