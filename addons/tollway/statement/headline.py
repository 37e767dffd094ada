"""What a statement says first, and how it is to be read."""

from collections.abc import Callable

from tollway.money import usd
from tollway.reporting.figures import decimals, fixed
from tollway.reporting.percent import percent
from tollway.reporting.stretch import title
from tollway.statement.statement import Statement

NOTES = (
    "Amounts are in US dollars. They are what Tollway added up from each call's usage and the provider's "
    "prices, or what the provider said: an invoice may round otherwise, and has discounts and taxes.",
    "Estimated is the part of the cost where a provider reported no usage, or no price is certain. Unsettled "
    "is the part of calls whose end, such as a batch's, did not pass through Tollway in time.",
    "Calls under a flat plan cost no money each: their notional amount is what they would have cost at list "
    "price. It is in no total of costs.",
    "Rows add up to the totals to the nano-dollar, and agree with `tollway report`.",
)


def heading(of: Statement) -> str:
    """What it is: AI calls of team research, November 2026."""
    return f"AI calls of {of.whose.title}, {of.month.title}"


def about(of: Statement) -> str:
    """Which time it is of, and what it is compared with."""
    return f"{title(of.pair, of.zone)}, {of.zone.key}"


def headline(of: Statement, short: bool = False) -> list[tuple[str, str]]:
    """Figures with what they are of: those that there are, and what was spent anyway. `short`: in cents."""

    def money(nano: int) -> str:
        if short:
            return f"${fixed(nano, 2, ',')}"
        return f"${_grouped(nano)}"

    total, before = of.total, of.before
    former = "Month before" if of.pair.whole else "As much of the month before"
    refused = of.refused.total
    said = [
        ("Spent", money(total.cost_nano), True),
        (former, money(before.cost_nano), True),
        ("Change", _change(of, money), True),
        ("Calls", f"{total.calls:,}", True),
        ("Estimated, of what was spent", money(total.estimated_nano), bool(total.estimated_nano)),
        ("Unsettled, of what was spent", money(total.unsettled_nano), bool(total.unsettled_nano)),
        ("Under flat plans, at list price", money(total.notional_nano), bool(total.notional_nano)),
        ("Saved by the cache", money(total.saved_nano), bool(total.saved_nano)),
        ("Refused calls", f"{refused.calls:,}", bool(refused.calls)),
        (
            "They might have cost (an estimate)",
            f"about ${fixed(refused.likely_nano, decimals([refused.likely_nano]), ',')}",
            bool(refused.likely_calls),
        ),
    ]
    return [(name, figure) for name, figure, shown in said if shown]


def _change(of: Statement, money: Callable[[int], str]) -> str:
    nano = of.total.cost_nano - of.before.cost_nano
    share = percent(of.total.cost_nano, of.before.cost_nano)
    said = f"{'-' if nano < 0 else '+' if nano else ''}{money(abs(nano))}"
    return said if share is None else f"{said} ({'+' if share > 0 else ''}{share}%)"


def _grouped(nano: int) -> str:
    """Exact, with commas, and cents at least."""
    whole, _, fraction = usd(nano).partition(".")
    return f"{int(whole):,}.{fraction.ljust(2, '0')}"
