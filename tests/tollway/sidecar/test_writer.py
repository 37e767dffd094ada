"""One thread writes; what waits for it is bounded, and what can't be kept is lost and told."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.tollway.sidecar.notes import NOTES, notes, prune, write
from tollway.sidecar import file
from tollway.sidecar import writer as module
from tollway.sidecar.losses import Losses
from tollway.sidecar.writer import MOST_WAITING, SidecarWriter

Notes = SidecarWriter[tuple[str, int]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the notes of a ledger go."""
    return NOTES.beside(tmp_path / "ledger.db")


@pytest.fixture
def losses() -> Losses:
    """None yet."""
    return Losses("notes", "gone")


@contextmanager
def writing(path: Path, losses: Losses, most_waiting: int = MOST_WAITING) -> Iterator[Notes]:
    """All that it was given is written, or lost, at the end."""
    one = Notes(path, NOTES, write, prune, losses, most_waiting)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes to the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("COMMIT")


def wait_until(is_so: Callable[[], bool]) -> None:
    """Something is done by a thread."""
    ticking = threading.Event()
    for _ in range(20_000):
        if is_so():
            return
        ticking.wait(0.001)
    raise AssertionError


def test_all_that_it_is_given_is_there_in_order_once_it_is_closed(path: Path, losses: Losses) -> None:
    names = [str(n) for n in range(3 * module.AT_ONCE)]

    with writing(path, losses) as one:
        for name in names:
            one.keep((name, 1), 1)

    assert notes(path) == names
    assert losses.count == 0


def test_without_an_item_there_is_neither_a_file_nor_a_thread(path: Path, losses: Losses) -> None:
    before = threading.active_count()

    with writing(path, losses) as one:
        one.prune(1)
        assert threading.active_count() == before
        one.close(lambda db: write(db, [("last", 1)]))

    assert not path.exists()


def test_what_is_over_is_deleted(path: Path, losses: Losses) -> None:
    with writing(path, losses) as one:
        one.keep(("short", 5), 1)
        one.keep(("long", 6), 1)
    with writing(path, losses) as one:
        one.prune(5)

    assert notes(path) == ["long"]


def test_what_waits_is_bounded_in_bytes_and_what_has_no_room_is_lost_at_once(
    path: Path, losses: Losses, caplog: pytest.LogCaptureFixture
) -> None:
    NOTES.connect(path).close()
    with writing(path, losses, 100) as one, locked(path):
        for n in range(10):
            one.keep((str(n), 1), 40)
        assert losses.count == 8

    assert notes(path) == ["0", "1"]
    assert caplog.messages[0].endswith("calls go on: more notes wait to be kept than may")


def test_what_waits_is_bounded_in_number(path: Path, losses: Losses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ITEMS_WAITING", 2)
    NOTES.connect(path).close()
    with writing(path, losses) as one, locked(path):
        one.keep(("0", 1), 0)
        wait_until(one._queue.empty)
        for n in range(1, 5):
            one.keep((str(n), 1), 0)

    assert notes(path) == ["0", "1", "2"]
    assert losses.count == 2


def test_a_file_that_is_locked_loses_what_it_is_given_until_it_is_not(
    path: Path, losses: Losses, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    NOTES.connect(path).close()
    with writing(path, losses) as one:
        with locked(path):
            for n in range(3):
                one.keep((str(n), 1), 1)
                wait_until(lambda n=n: losses.count == n + 1)  # type: ignore[misc]
        one.keep(("3", 1), 1)

    assert notes(path) == ["3"]
    first, last = caplog.messages
    assert first.endswith(
        f"calls go on: notes {path.name}: another program holds its lock: close what is writing to it"
        " (a database browser?)"
    )
    assert last == "notes are kept again; 3 were lost"


def test_what_was_lost_makes_room_again(path: Path, losses: Losses) -> None:
    """As what was kept does."""
    for blocked in (False, True):
        if blocked:
            path.unlink()
            path.mkdir()
        with writing(path, losses, 10) as one:
            for n in range(3):
                one.keep((str(n), 1), 10)
                wait_until(lambda: one.waiting == 0)

    assert losses.count == 3


def test_a_file_that_is_moved_away_is_made_anew(path: Path, losses: Losses) -> None:
    with writing(path, losses) as one:
        one.keep(("old", 1), 1)
        wait_until(lambda: one.waiting == 0)
        for each in path.parent.glob(f"{path.name}*"):
            each.rename(each.with_name(f"old-{each.name}"))
        one.keep(("new", 1), 1)

    assert notes(path) == ["new"]


def test_what_can_not_be_deleted_yet_is_told_once_and_tried_again(
    path: Path, losses: Losses, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    with writing(path, losses) as one:
        one.keep(("short", 5), 1)
    with locked(path), writing(path, losses) as one:
        one.prune(5)
        one.prune(5)
    assert notes(path) == ["short"]

    with writing(path, losses) as one:
        one.prune(5)

    assert notes(path) == []
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(
        f"notes that are over could not be deleted yet, they will be: notes {path.name}: another program"
    )


def test_what_is_last_is_done_after_all_else(path: Path, losses: Losses) -> None:
    for names in (["0", "1"], ["2"]):
        one = Notes(path, NOTES, write, prune, losses)
        for name in names:
            one.keep((name, 1), 1)
        one.close(lambda db: write(db, [("last", 1)]))

    one = Notes(path, NOTES, write, prune, losses)
    one.close(lambda db: write(db, [("and alone", 1)]))

    assert notes(path) == ["0", "1", "last", "2", "last", "and alone"]


def test_that_what_is_last_fails_harms_nobody(path: Path, losses: Losses) -> None:
    def failing(db: sqlite3.Connection) -> None:
        raise RuntimeError

    one = Notes(path, NOTES, write, prune, losses)
    one.keep(("0", 1), 1)
    one.close(failing)

    assert notes(path) == ["0"]
    assert not any(thread.name == "tollway-notes" for thread in threading.enumerate())
