"""Which processes are alive."""

import fcntl
import os
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.connect import connect
from tollway.ledger.presence import Presence, folder_of, mark_lost
from tollway.ledger.row import UPSERT, row_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger, with an open call of a process that is not there."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        db.execute(UPSERT, row_of(call(state="open"), "1-dead"))
    return path


def states(path: Path) -> dict[str, str]:
    """The state of each call."""
    with closing(connect(path, "process")) as db:
        return dict(db.execute("SELECT id, state FROM calls"))


def test_a_name_is_given_up(path: Path) -> None:
    """Twice does nothing."""
    presence = Presence(path)
    assert [file.name for file in folder_of(path).iterdir()] == [presence.process]
    presence.end()
    presence.end()

    assert list(folder_of(path).iterdir()) == []


def test_names_differ(path: Path) -> None:
    """Also within a process."""
    first, second = Presence(path), Presence(path)

    assert first.process != second.process
    first.end()
    second.end()


def test_the_living_lose_nothing_and_the_dead_all(path: Path) -> None:
    """Also calls of a process that nobody knows the name of; what the dead left behind is removed."""
    living = Presence(path)
    (folder_of(path) / "2-killed").touch()
    with closing(connect(path, "process")) as db:
        db.execute(UPSERT, row_of(call("killed", state="open"), "2-killed"))
        db.execute(UPSERT, row_of(call("living", state="open"), living.process))
        db.execute("INSERT INTO calls (id, started_us, state) VALUES ('imported', 0, 'open')")
        lost = mark_lost(db, path)

    assert lost == 3
    assert states(path) == {"a": "lost", "killed": "lost", "living": "open", "imported": "lost"}
    assert [file.name for file in folder_of(path).iterdir()] == [living.process]
    living.end()


def test_a_file_that_vanishes_is_of_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may remove it between our looking and our locking."""
    folder = folder_of(path)
    folder.mkdir()
    (folder / "2-killed").touch()
    listed = list(folder.iterdir())
    (folder / "2-killed").unlink()
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(listed))
    with closing(connect(path, "process")) as db:
        assert mark_lost(db, path) == 1


def test_a_lock_on_a_removed_file_is_no_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that comes up meanwhile may take the new file for a dead one's, and remove it: once more."""
    flock = fcntl.flock
    removed: list[Path] = []

    def remove_first(file: int, operation: int) -> None:
        if not removed:
            removed.extend(folder_of(path).iterdir())
            os.unlink(removed[0])
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    presence = Presence(path)

    assert [file.name for file in folder_of(path).iterdir()] == [presence.process] == [removed[0].name]
    presence.end()
