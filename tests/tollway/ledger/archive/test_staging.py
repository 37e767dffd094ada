"""A file's lines are looked at before any of it is written."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.archive.moved import into, out, rows
from tests.tollway.ledger.cutting.test_cut import cut_all
from tests.tollway.ledger.samples import call
from tests.tollway.ledger.year import write, year
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of six merged rows, with the ids of their calls, and of three that are none."""
    path = write(
        tmp_path / "from.db", [*year(1), call("x"), call("y", state="lost"), call("z", state="open")]
    )
    with closing(connect(path, "process")) as db:
        cut_all(db)
    out(path, tmp_path / "a.jsonl")
    return tmp_path / "a.jsonl"


def edit(file: Path, line: int, **values: Any) -> None:
    """Have a line, from 1, say other things; None: leave the key out."""
    lines = file.read_text().splitlines()
    said = json.loads(lines[line - 1]) | values
    lines[line - 1] = json.dumps({key: value for key, value in said.items() if value is not None})
    file.write_text("\n".join(lines) + "\n")


def test_what_is_in_flight_is_left_out(file: Path, tmp_path: Path) -> None:
    staged, imported = into(tmp_path / "to.db", file)

    assert (staged.rows, staged.open) == (8, ("z",))
    assert imported.new == 8


@pytest.mark.parametrize(
    ("line", "values", "said"),
    [
        (2, {"status": "200"}, "2: status: '200' is no integer"),
        (3, {"started_us": -1}, "3: started_us: -1 is nothing that a ledger takes there"),
        (2, {"state": "begun"}, "2: state: 'begun' is nothing that a ledger takes there"),
        (2, {"provider": None}, "2: provider: it is absent, and must not be"),
        (2, {"user": "x" * 50, "tags": "y" * 50}, f"2: tags: '{'y' * 36}... is no JSON object of texts"),
        (3, {"id": "x"}, "8: id: 'x' is there twice"),
        (2, {"calls": 3}, "2: calls: "),
        (2, {"id": "other"}, "11: id: "),
        (11, {"id": "x"}, "11: id: 'x' is a row as well, or merged into a row that is not there"),
        (11, {"id": 5}, "11: id: 5 is no text"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_nothing_is_written(
    file: Path, tmp_path: Path, line: int, values: dict[str, Any], said: str
) -> None:
    write(tmp_path / "to.db", [call("there")])
    before = rows(tmp_path / "to.db")
    edit(file, line, **values)
    with pytest.raises(LedgerError) as found:
        into(tmp_path / "to.db", file)

    assert str(found.value).startswith(f"{file}:{said}")
    assert "nothing of the file was imported" in str(found.value)
    assert rows(tmp_path / "to.db") == before


def test_a_file_that_lacks_ids_of_merged_calls_is_not_whole(file: Path, tmp_path: Path) -> None:
    lines = file.read_text().splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {"lines": len(lines) - 2})
    file.write_text("\n".join(lines[:-1]) + "\n")

    with pytest.raises(
        LedgerError, match=r"is a row of 2 calls, and not as many ids say that they are in it"
    ):
        into(tmp_path / "to.db", file)


def test_an_older_releases_file_lacks_columns(file: Path, tmp_path: Path) -> None:
    """They are as the table has them by default."""
    line = {"id": "old", "started_us": 5, "state": "done"}
    head = {"tollway_ledger": "001_calls", "columns": list(line), "lines": 1}
    file.write_text(f"{json.dumps(head)}\n{json.dumps(line)}\n")
    assert into(tmp_path / "to.db", file)[1].new == 1

    with closing(connect(tmp_path / "to.db", "process")) as db:
        assert db.execute("SELECT id, calls, billing, cost_nano, user FROM calls").fetchall() == [
            ("old", 1, "metered", 0, None)
        ]
