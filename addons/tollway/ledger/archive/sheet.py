"""An export as CSV, exact, and harmless to spreadsheets.

An empty cell is what is absent, or in a column that never lacks a value the empty text. A backslash at a
text's beginning is no part of it: it stands before what a spreadsheet would take for a formula, before
another backslash, and alone for an empty text where there could be none. The last column's name says the
schema and how many lines follow; it has no values.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from tollway.ledger.archive.form import INTO, Column, Form
from tollway.ledger.archive.jsonl import Malformed

MARK = "tollway_ledger"
ESCAPE = "\\"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", ESCAPE)
LONGEST = 2**27
"""Characters of a cell that is read."""


def written(form: Form, known: Sequence[Column], rows: Iterable[Sequence[Any]], file: TextIO) -> None:
    """Write the sheet: rows as of `jsonl.written`."""
    sheet = csv.writer(
        file, lineterminator="\r\n"
    )  # as RFC 4180 has it; and a "\r" in a cell is quoted for it
    sheet.writerow([*form.columns, INTO, f"{MARK}:{form.schema}:{form.lines}"])
    lacks = [*(not each.needed for each in known), True]
    for row in rows:
        sheet.writerow([*(_cell(value, may) for value, may in zip(row, lacks, strict=True)), ""])


def _cell(value: str | int | None, lacks: bool) -> str | int:
    if value is None or isinstance(value, int):
        return "" if value is None else value
    if value == "":
        return ESCAPE if lacks else ""
    return f"{ESCAPE}{value}" if value.startswith(_FORMULAS) else value


def form_of(line: str) -> Form:
    """What a first line says. Raises ValueError."""
    *columns, into, mark = next(csv.reader([line]))
    name, schema, lines = mark.split(":")
    if name != MARK or into != INTO:
        raise ValueError(line)
    return Form(schema, tuple(columns), int(lines))


def read(form: Form, known: Sequence[Column], lines: Iterable[str]) -> Iterator[tuple[int, list[Any]]]:
    """As `jsonl.read`; the number of a row is that of its last line."""
    csv.field_size_limit(LONGEST)
    named = {each.name: each for each in known}
    kinds = [*(named[name] for name in form.columns), Column(INTO, False, False)]
    sheet = csv.reader(lines, strict=True)
    while True:
        try:
            cells = next(sheet)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed(sheet.line_num + 1, "", f"it is no CSV ({error})") from None
        number = sheet.line_num + 1
        if len(cells) != len(kinds) + 1:
            raise Malformed(number, "", f"it has {len(cells)} cells, and should have {len(kinds) + 1}")
        yield number, [_value(cell, kind, number) for cell, kind in zip(cells, kinds, strict=False)]


def _value(cell: str, kind: Column, number: int) -> str | int | None:
    if cell == "":
        return "" if kind.needed and not kind.counts else None
    if not kind.counts:
        return cell.removeprefix(ESCAPE)
    if not (cell.isascii() and cell.removeprefix("-").isdigit()):
        raise Malformed(number, kind.name, f"{cell[:40]!r} is no integer")
    return int(cell)
