"""Figures as pages show them: in full, so that they can be compared with any bill."""

from tollway.budget.amounts import Unit
from tollway.model import Billing, CallRecord, Source
from tollway.money import usd

_UNITS = {
    Unit.USD: "",
    Unit.TOKENS: " tokens",
    Unit.INPUT: " input tokens",
    Unit.OUTPUT: " output tokens",
    Unit.REQUESTS: " calls",
}


def money(nano: int) -> str:
    """An amount of money, to the nano-dollar: $0.00425, -$1."""
    return f"-${usd(-nano)}" if nano < 0 else f"${usd(nano)}"


def amount(number: int, unit: Unit) -> str:
    """An amount in a unit."""
    return money(number) if unit is Unit.USD else f"{number:,}{_UNITS[unit]}"


def count(number: int | None, what: str = "") -> str:
    """A number of things: 1 call, 2,000 calls; a dash where the provider did not say."""
    if number is None:
        return "–"
    return f"{number:,} {what}{'s' * (number != 1)}" if what else f"{number:,}"


def cost(call: CallRecord) -> str:
    """What a call cost, with what there is to know of the figure."""
    said = money(call.cost.nano)
    if call.state == "open" or call.cost.source is Source.ESTIMATED:
        said = f"≈ {said}"
    return said if call.billing is Billing.METERED else f"({said} by plan)"
