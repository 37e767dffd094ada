"""A statement as one HTML page that stands alone: it asks no host for anything, and prints on A4."""

import re
from collections.abc import Sequence

from tollway.page.bars import share_bar
from tollway.page.figures import money
from tollway.page.html import Child, Markup, element, written
from tollway.reporting.cells import Form, cells, is_text
from tollway.reporting.columns import Column, Kind, minute
from tollway.reporting.headings import HEADINGS
from tollway.statement.chart import course, in_words
from tollway.statement.headline import NOTES, about, heading, headline
from tollway.statement.section import Section
from tollway.statement.sections import sections
from tollway.statement.statement import Statement
from tollway.statement.style import POLICY, STYLE

UNSHOWN = frozenset({"difference_usd"})
"""Columns that paper has no room for: what others say, too."""
WHEN = ("first", "last")
_BELOW_CENTS = re.compile(r"(?<=\.\d\d)\d+")
LONGEST = 200
"""Characters of a text in a cell: clients choose some of them."""


def as_html(of: Statement) -> str:
    """The whole document."""
    title = heading(of)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} · Tollway"),
        element("style", Markup(STYLE)),
    )
    header = element("header", element("h1", title), element("p", about(of), class_="quiet"))
    figures = [
        element("div", element("dt", name), element("dd", _amount(said))) for name, said in headline(of)
    ]
    main = element(
        "main",
        element("dl", figures, class_="sums"),
        [_section(section) for section in sections(of)],
        element("h2", "How to read it"),
        element("ul", [element("li", note) for note in NOTES]),
        id="main",
        tabindex=-1,
    )
    skip = element("a", "Skip to the content", href="#main", class_="skip")
    foot = element("footer", element("p", f"Made {minute(of.at_us, of.zone)} by Tollway, {of.zone.key}."))
    body = element("body", skip, header, main, foot)
    return f"<!doctype html>\n{written(element('html', head, body, lang='en'))}\n"


def _section(section: Section) -> Child:
    head = element("h2", section.title)
    if section.is_empty:
        return element("section", head, element("p", section.none, class_="quiet"))
    notes = [element("p", note, class_="quiet") for note in section.notes]
    return element("section", head, _picture(section), _table(section), notes)


def _picture(section: Section) -> Child:
    if not section.course or section.shares is None:
        return None
    days = [str(day) for day in section.columns[0].values]
    amounts = [value if isinstance(value, int) else 0 for value in section.column(section.shares).values]
    said = in_words(days, amounts)
    return element("figure", course(days, amounts, said), element("figcaption", said, class_="quiet"))


def _table(section: Section) -> Markup:
    shown = [column for column in section.columns if column.name not in UNSHOWN]
    columns = [_cells(column) for column in shown]
    names = [HEADINGS.get(column.name, column.name).replace("_", " ") for column in shown]
    kinds = [_class(column) for column in shown]
    if section.shares is not None and not section.course:
        place = next(i for i, column in enumerate(shown) if column.name == section.shares)
        columns.insert(place, [*_bars(shown[place]), None])
        names.insert(place, "share")
        kinds.insert(place, None)
    *rows, total = zip(*columns, strict=True)
    heads = [
        element("th", name.capitalize(), scope="col", class_=kind)
        for name, kind in zip(names, kinds, strict=True)
    ]
    foot = element("tfoot", _row(("Total", *total[1:]), kinds)) if section.totals else None
    table = element(
        "table",
        element("caption", section.caption),
        element("thead", element("tr", heads)),
        element("tbody", [_row(row, kinds) for row in rows]),
        foot,
    )
    return element("div", table, class_="wide", role="region", aria_label=section.caption, tabindex=0)


def _row(row: Sequence[Child], kinds: Sequence[str | None]) -> Markup:
    first, *others = zip(row, kinds, strict=True)
    return element(
        "tr",
        element("th", first[0], scope="row", class_=first[1]),
        [element("td", cell, class_=kind) for cell, kind in others],
    )


def _cells(column: Column) -> list[Child]:
    texts = [f"{text[:LONGEST]}…" if len(text) > LONGEST else text for text in cells(column, Form.EXACT)]
    shown = ["–" if text == "-" else text for text in texts]
    if column.name in WHEN:
        shown = [text.replace("T", " ") for text in shown]
    if column.kind in (Kind.MONEY, Kind.CHANGE):
        return [_amount(text) for text in shown]
    return [*shown[:-1], "" if is_text(column) else shown[-1]]


def _amount(text: str) -> Child:
    """Cents as large as the rest, what is below them smaller."""
    found = _BELOW_CENTS.search(text)
    if found is None:
        return text
    return [text[: found.start()], element("span", found[0], class_="rest"), text[found.end() :]]


def _bars(column: Column) -> list[Child]:
    amounts = [value if isinstance(value, int) else 0 for value in column.values]
    most = max(amounts, default=0)
    return [share_bar(amount, most, f"{money(amount)} of at most {money(most)}") for amount in amounts]


def _class(column: Column) -> str | None:
    if not is_text(column):
        return "figure"
    return "short" if column.name in (*WHEN, "day") else None
