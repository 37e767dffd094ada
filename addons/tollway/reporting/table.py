"""The bill as a table for a terminal: figures short, the total at the foot, no wider than the terminal."""

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from tollway.reporting import periods
from tollway.reporting.bill import Bill
from tollway.reporting.columns import Column, Kind, columns
from tollway.reporting.figures import ABSENT, compact, decimals, fixed, printable

HEADINGS = {
    "input_tokens": "input", "cache_read_tokens": "cached", "cache_write_tokens": "written",
    "output_tokens": "output", "web_searches": "searches", "cost_usd": "cost $", "notional_usd": "notional $",
    "estimated_usd": "estimated $", "unsettled_usd": "unsettled $", "saved_usd": "saved $",
}  # fmt: skip
LEAST = (
    "requests", "pages", "characters", "seconds", "images", "tool_calls", "web_searches",
    "cache_write_tokens", "estimated_usd", "cache_read_tokens", "input_tokens", "output_tokens",
    "notional_usd", "saved_usd", "unsettled_usd",
)  # fmt: skip
"""Columns that make way in a narrow terminal, in that order."""
NOTES = {
    "estimated_usd": "estimated: the part of the cost that rests on an estimate",
    "unsettled_usd": "unsettled: the part of it whose batches' ends did not pass in time",
    "notional_usd": "notional: what the calls under a flat plan would have cost; not in the cost",
    "saved_usd": "saved: what the calls that the cache answered would have cost; not in the cost",
}
_GAP = 2
"""Between columns: the padding, and the space that is the box's line."""
_LEAST_TEXT = 8


def as_table(bill: Bill, width: int) -> Group:
    """A table of at most so many characters a line, if need be without columns that it then names."""
    shown, left_out = _fitting([_Strip(column) for column in columns(bill)], width)
    notes = [note for name, note in NOTES.items() if any(strip.column.name == name for strip in shown)]
    if left_out:
        notes.append(f"no room for {', '.join(strip.heading for strip in left_out)}")
    table = Table(
        box=box.SIMPLE_HEAD,
        show_footer=True,
        pad_edge=False,
        header_style="dim",
        padding=(0, _GAP - 1, 0, 0),
    )
    for i, strip in enumerate(shown):
        strip.add_to(table, is_first=i == 0)
    for row in zip(*(strip.cells for strip in shown), strict=True):
        table.add_row(*row)
    return Group(Text(title(bill)), table, *(Text(note, style="dim") for note in notes))


def title(bill: Bill) -> str:
    """What the bill is about."""
    bounds = [
        f"{word} {periods.local(us, bill.zone):%Y-%m-%d %H:%M}"
        for word, us in (("since", bill.since_us), ("until", bill.until_us))
        if us is not None
    ]
    return ", ".join(["AI calls", *bounds, bill.zone.key])


class _Strip:
    """A column as the table shows it."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.heading = HEADINGS.get(column.name, column.name)
        *texts, self.foot = _texts(column)
        self.width = max(map(len, (self.heading, self.foot, *texts)))
        self.cells = [Text(text, style="dim" if text == ABSENT else "") for text in texts]

    def add_to(self, table: Table, is_first: bool) -> None:
        is_text = self.column.kind is Kind.TEXT
        if is_text and is_first:
            self.foot = "total"
            self._say_once()
        table.add_column(
            self.heading,
            footer=Text("" if is_text and not is_first else self.foot, style="bold"),
            justify="left" if is_text else "right",
            no_wrap=True,
            overflow="ellipsis",
            width=self.width,
            style="bold" if self.column.name == "cost_usd" else "",
        )

    def _say_once(self) -> None:
        """A value of the first column stands where it begins."""
        plain = [cell.plain for cell in self.cells]
        for i in range(1, len(plain)):
            if plain[i] == plain[i - 1]:
                self.cells[i] = Text("")


def _texts(column: Column) -> list[str]:
    values = [*column.values, column.total]
    if column.kind is Kind.TEXT:
        return [printable(value) for value in values]
    figures = [value if isinstance(value, int) else None for value in values]
    if column.kind is Kind.COUNT:
        return [ABSENT if count is None else compact(count) for count in figures]
    amounts = [amount or 0 for amount in figures]
    places = decimals(amounts)
    return [fixed(amount, places, ",") for amount in amounts]


def _fitting(strips: list[_Strip], width: int) -> tuple[list[_Strip], list[_Strip]]:
    """The columns that fit, and those left out; long texts are cut if that is not enough."""
    shown, left_out = list(strips), []
    for name in LEAST:
        if _excess(shown, width) <= 0:
            break
        leaving = [strip for strip in shown if strip.column.name == name]
        left_out += leaving
        shown = [strip for strip in shown if strip not in leaving]
    texts = [strip for strip in shown if strip.column.kind is Kind.TEXT and strip.width > _LEAST_TEXT]
    while texts and _excess(shown, width) > 0:
        longest = max(texts, key=lambda strip: strip.width)
        longest.width -= 1
        texts = [strip for strip in texts if strip.width > _LEAST_TEXT]
    return shown, left_out


def _excess(strips: list[_Strip], width: int) -> int:
    return sum(strip.width + _GAP for strip in strips) - width
