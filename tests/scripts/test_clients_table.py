"""The README's table of clients says what its data says, and a test shows each cell of it."""

import ast
from functools import cache

import pytest
from pydantic import ValidationError

from scripts.clients_table import ASKED, BEGIN, END, README, ROOT, ROWS, Cell, Row, rows, table, written

KNOWN = rows(ROWS.read_text("utf-8"))
CELLS = [
    pytest.param(cell, id=f"{row.client} {row.transport} {asked}")
    for row in KNOWN
    for asked, cell in zip(ASKED, row.cells, strict=True)
]


@cache
def functions_of(file: str) -> frozenset[str]:
    """All of a file, tests among them."""
    found = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_readme_has_the_table_as_it_is_now() -> None:
    """Else: .venv/bin/python scripts/clients_table.py"""
    readme = README.read_text("utf-8")

    assert readme.count(BEGIN) == readme.count(END) == 1
    assert written(readme, KNOWN) == readme


@pytest.mark.parametrize("cell", CELLS)
def test_a_test_shows_each_cell(cell: Cell) -> None:
    assert (ROOT / cell.file).is_file()
    assert cell.name.startswith("test_")
    assert cell.name in functions_of(cell.file)


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_says_no_without_a_reason(cell: Cell) -> None:
    first, _, reason = cell.says.partition(":")

    assert cell.says
    assert first != "no" or reason.strip()


def test_no_client_has_two_rows_for_one_transport() -> None:
    assert len({(row.client, row.transport) for row in KNOWN}) == len(KNOWN)


def test_a_row_is_a_line_with_what_is_said_and_where_that_is_shown() -> None:
    cell = {"says": "yes", "test": "tests/a.py::test_b"}
    said = Row.model_validate({"client": "c", "transport": "t", **dict.fromkeys(ASKED, cell)})

    assert table([said]).splitlines()[2] == "| c | t |" + " yes [·](tests/a.py) |" * 4


def test_a_row_without_an_answer_is_none() -> None:
    with pytest.raises(ValidationError):
        rows("- {client: c, transport: t}")
