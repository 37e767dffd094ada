"""Which processes are alive."""

import fcntl
import os
from pathlib import Path

import pytest

from tollway.ledger.presence import Presence, folder_of, living


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger is; nothing of it is read."""
    return tmp_path / "ledger.db"


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


def test_the_living_are_told_from_the_dead(path: Path) -> None:
    """What the dead left behind is removed."""
    alive = Presence(path)
    (folder_of(path) / "2-killed").touch()

    assert living(path) == {alive.process}
    assert [file.name for file in folder_of(path).iterdir()] == [alive.process]
    alive.end()


def test_nobody_lives_where_there_are_no_locks(path: Path) -> None:
    """A copy of a ledger, say, is read without them."""
    assert living(path) == frozenset()


def test_a_file_that_vanishes_is_of_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may remove it between our looking and our locking."""
    folder = folder_of(path)
    folder.mkdir()
    (folder / "2-killed").touch()
    listed = list(folder.iterdir())
    (folder / "2-killed").unlink()
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(listed))

    assert living(path) == frozenset()


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
