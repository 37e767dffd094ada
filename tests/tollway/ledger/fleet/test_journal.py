"""The files of a machine's processes."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from tollway import paths
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.journal import (
    Acquaintance,
    Journal,
    acquaintance,
    collected_path,
    folder_of,
    remember,
)
from tollway.ledger.fleet.server import where


def test_each_process_has_the_first_file_that_nobody_has(tmp_path: Path) -> None:
    """And leaves it to the next."""
    one, two = Journal.take(tmp_path), Journal.take(tmp_path)
    assert (one.path.name, two.path.name) == ("1.db", "2.db")
    one.let_go()
    one.let_go()
    three = Journal.take(tmp_path)

    assert three.path.name == "1.db"
    for journal in (two, three):
        journal.let_go()


def test_a_folder_that_cant_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "1.lock").mkdir()
    with pytest.raises(LedgerError, match=r"ledger .*1.db: Is a directory"):
        Journal.take(tmp_path)


def test_it_remembers_its_name_and_whom_it_knew(tmp_path: Path) -> None:
    """A new one has a name of its own."""
    with closing(connect(tmp_path / "1.db", "process")) as db:
        assert acquaintance(db).node != acquaintance(db).node
        known = Acquaintance("n", "run", ("a", "b"))
        remember(db, known, 1)

        assert acquaintance(db) == known


def test_a_fleet_and_an_organisation_have_a_folder_of_their_own(home: Path) -> None:
    """In the data folder, unless the URL names one; a password makes no other."""
    urls = ("redis://h/0", "redis://h/1", "redis://h/0?organisation=x")
    folders = [folder_of(where(url)) for url in urls]
    secret = os.urandom(4).hex()

    assert len(set(folders)) == 3
    assert {folder.parent for folder in folders} == {paths.data_dir() / "fleet"}
    assert folder_of(where(f"redis://u:{secret}@h/0")) == folders[0]
    assert collected_path(where("redis://h/0?journal=/there")) == Path("/there/collected.db")
