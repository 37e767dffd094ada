"""What an export says of itself."""

from contextlib import closing
from pathlib import Path

import pytest

from tollway.ledger.archive.form import TIED, Column, Form, check, columns, form_of
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.migrate import MIGRATIONS

KNOWN = (Column("id", False, True), Column("started_us", True, True), Column("state", False, True))
NAMES = ("id", "started_us", "state")


def test_every_column_is_exported_but_what_only_the_ledger_knows(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        found = columns(db)
        every = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('calls')")]
        form = form_of(db, 5)

    assert [each.name for each in found] == [name for name in every if name not in TIED]
    assert Column("cost_nano", True, True) in found
    assert Column("user", False, False) in found
    assert form == Form(MIGRATIONS[-1], tuple(each.name for each in found), 5)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (Form("999_future", NAMES, 0), r"f:1: a newer Tollway wrote it \(999_future\): update this one"),
        (Form(MIGRATIONS[0], (*NAMES, "x"), 0), "f:1: columns: 'x' is none of a ledger's"),
        (Form(MIGRATIONS[0], NAMES[1:], 0), "f:1: columns: 'id' is missing"),
        (Form(MIGRATIONS[0], (*NAMES, "id"), 0), "f:1: columns: 'id' is there twice"),
    ],
)
def test_what_can_not_be_read_is_refused(form: Form, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        check(form, KNOWN, "f")


def test_an_older_release_has_fewer_columns() -> None:
    check(Form(MIGRATIONS[0], NAMES, 0), (*KNOWN, Column("calls", True, True)), "f")
