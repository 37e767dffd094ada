"""Exports as CSV."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.ledger.archive.form import Column, Form
from tollway.ledger.archive.jsonl import Malformed
from tollway.ledger.archive.sheet import form_of, read, written

KNOWN = (Column("id", False, True), Column("user", False, False), Column("status", True, False))
FORM = Form("001_calls", ("id", "user", "status"), 3)


def sheet(rows: list[list[str | int | None]]) -> str:
    file = io.StringIO(newline="")
    written(FORM, KNOWN, [[*row, None] for row in rows], file)
    return file.getvalue()


def back(text: str) -> list[list[str | int | None]]:
    file = io.StringIO(text, newline="")
    assert form_of(file.readline()) == FORM
    return [row[:-1] for _, row in read(FORM, KNOWN, file)]


def test_the_first_line_names_columns_schema_and_number() -> None:
    assert sheet([]) == "id,user,status,merged_into,tollway_ledger:001_calls:3\r\n"


rows = st.lists(st.tuples(st.text(), st.none() | st.text(), st.none() | st.integers(0, 2**63 - 1)).map(list))


@given(rows)
def test_what_was_written_is_read_whatever_it_is(rows: list[list[str | int | None]]) -> None:
    """Absent and empty, backslashes, line ends, formulas: all of it comes back."""
    assert back(sheet(rows)) == rows


def test_nothing_is_a_formula_to_a_spreadsheet() -> None:
    text = sheet([["=1+1", "@SUM(A1)", None], ["-x", "\\", None]])

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("a,b,1,\r\n", "", "it has 4 cells, and should have 5"),
        ("a,b,x,,\r\n", "status", "'x' is no integer"),
        ("a,b,1_0,,\r\n", "status", "'1_0' is no integer"),
        ('a,"b,1,,\r\n', "", "it is no CSV (unexpected end of data)"),
    ],
)
def test_a_line_that_is_wrong_is_named(text: str, key: str, said: str) -> None:
    with pytest.raises(Malformed) as found:
        list(read(FORM, KNOWN, io.StringIO(text, newline="")))

    assert (found.value.key, found.value.said) == (key, said)
    assert found.value.line >= 2


@pytest.mark.parametrize(
    "line", ["", "id", "id,merged_into,x", "id,into,tollway_ledger:1:1", "merged_into,a:b:c"]
)
def test_what_is_no_first_line_is_refused(line: str) -> None:
    with pytest.raises((ValueError, StopIteration)):
        form_of(line)
