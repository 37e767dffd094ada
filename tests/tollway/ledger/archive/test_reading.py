"""Files that are read line by line."""

import io
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.archive.moved import out
from tests.tollway.ledger.year import write, year
from tollway.ledger.archive.export import Style
from tollway.ledger.archive.form import Column, columns
from tollway.ledger.archive.reading import FIRST, read
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.migrate import MIGRATIONS

NEWEST = MIGRATIONS[-1].encode()
HEAD = b'{"tollway_ledger": "%s", "columns": ["id", "started_us", "state"], "lines": 2}\n' % NEWEST
LINE = b'{"id": "a", "started_us": 1, "state": "done"}\n'
SHEET = f"id,started_us,state,merged_into,tollway_ledger:{MIGRATIONS[-1]}:2\r\n".encode()
KNOWN = (Column("id", False, True), Column("started_us", True, True), Column("state", False, True))


def lines(data: bytes) -> list[int]:
    """The numbers of its lines."""
    _, found = read(io.BytesIO(data), "f", KNOWN)
    return [line.number for line in found]


@pytest.mark.parametrize("style", ["jsonl", "csv"])
def test_either_form_is_told_by_its_first_line(tmp_path: Path, style: Style) -> None:
    path = write(tmp_path / "ledger.db", year(1))
    out(path, tmp_path / "a", style)
    with closing(connect(path, "process")) as db, (tmp_path / "a").open("rb") as file:
        form, found = read(file, "a", columns(db))

        assert form.lines == 12
        assert len(list(found)) == 12


def test_the_numbers_of_lines_are_those_of_the_file() -> None:
    assert lines(HEAD + 2 * LINE) == [2, 3]
    assert lines(SHEET + 2 * b"a,1,done,,\r\n") == [2, 3]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", f"f:1: {FIRST}"),
        (b"hello\n", f"f:1: {FIRST}"),
        (b"{}\n", f"f:1: {FIRST}"),
        (b"\xff\n", f"f:1: {FIRST}"),
        (HEAD + LINE, "f:2: the first line says that 2 follow, and there are 1: the file is not whole"),
        (HEAD + 3 * LINE, "f:4: the first line says that 2 follow, and there are 3: the file is"),
        (HEAD + LINE + b"{", "f:3: it is no JSON: is the file whole?; nothing of the file was imported"),
        (HEAD + LINE + b'{"x": 1}', "f:3: x: the first line names no such column; nothing"),
        (SHEET + b"a,1,done,,\r\n\xff,1,done,,\r\n", "it is no UTF-8; nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(data: bytes, said: str) -> None:
    with pytest.raises(LedgerError) as found:
        lines(data)

    assert said in str(found.value)
