"""Reading texts that were kept."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.texts.made import NOON_US, text
from tollway.texts.fault import TextsError
from tollway.texts.file import beside, connect
from tollway.texts.reader import TextReader
from tollway.texts.rows import put


def test_what_was_kept_is_read(tmp_path: Path) -> None:
    path = beside(tmp_path / "ledger.db")
    with closing(connect(path)) as db:
        put(db, [text("c1")])

    with closing(TextReader(path)) as reader:
        assert reader.of("c1", NOON_US) == [text("c1")]


def test_a_file_that_is_not_there_has_none_and_is_not_made(tmp_path: Path) -> None:
    path = beside(tmp_path / "ledger.db")

    with closing(TextReader(path)) as reader:
        assert reader.of("c1", NOON_US) == ()

    assert not path.exists()


def test_a_table_that_is_broken_is_told(tmp_path: Path) -> None:
    path = beside(tmp_path / "ledger.db")
    with closing(connect(path)) as db:
        db.execute("DROP TABLE texts")

    with closing(TextReader(path)) as reader, pytest.raises(TextsError, match="no such table: texts"):
        reader.of("c1", NOON_US)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = beside(tmp_path / "ledger.db")
    path.write_text("no database at all" * 100)

    with pytest.raises(TextsError, match="move it away"):
        TextReader(path)
