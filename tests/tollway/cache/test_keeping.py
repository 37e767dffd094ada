"""Answers are kept by a thread, whole or not at all; what can't be kept is lost, and no call is harmed."""

import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.tollway.caching.kept import DAY_US, NOON_US, answer
from tollway.cache import keeping as module
from tollway.cache import rows
from tollway.cache.file import beside, connect, connect_to_read
from tollway.cache.finding import Finding
from tollway.cache.keeping import Keeping
from tollway.sidecar import file
from tollway.sidecar.writer import MOST_WAITING

GB = 10**9
LOST = "answers can't be kept, so they are paid for again; calls go on: "
AGAIN = "answers that are over could not be deleted yet, they will be: "


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the answers of a ledger go."""
    return beside(tmp_path / "ledger.db")


def key(n: int) -> bytes:
    return b"%032d" % n


def there(path: Path, count: int) -> list[int]:
    """Which of so many are."""
    with closing(Finding(path)) as one:
        return [n for n in range(count) if one.find(key(n), NOON_US) is not None]


@contextmanager
def keeping(path: Path, size: int = GB, most_waiting: int = MOST_WAITING) -> Iterator[Keeping]:
    """All that it was given is written, or lost, at the end."""
    one = Keeping(path, size, most_waiting)
    try:
        yield one
    finally:
        one.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Something is done by a thread."""
    ticking = threading.Event()
    for _ in range(20_000):
        if is_so():
            return
        ticking.wait(0.001)
    raise AssertionError


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("tollway.sidecar")]


def test_without_an_answer_there_is_neither_a_file_nor_a_thread(path: Path) -> None:
    before = threading.active_count()

    with keeping(path) as one:
        one.prune(NOON_US)
        one.hit(key(1), NOON_US)
        assert threading.active_count() == before

    assert not path.exists()


def test_two_processes_keep_answers_in_one_file(path: Path) -> None:
    with keeping(path) as one, keeping(path) as other:
        for n in range(0, 100, 2):
            one.keep(key(n), answer())
            other.keep(key(n + 1), answer())

    assert there(path, 100) == list(range(100))


def test_what_waits_is_bounded_and_what_has_no_room_is_lost_at_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    connect(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, keeping(path, GB, 100) as one:
        other.execute("BEGIN IMMEDIATE")
        for n in range(10):
            one.keep(key(n), answer(b"x" * 40))
        other.execute("COMMIT")

    assert there(path, 10) == [0, 1]
    assert lines(caplog)[0] == f"{LOST}more answers wait to be kept than may"


def test_a_file_that_is_locked_loses_answers_says_so_once_and_how_many_they_were(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    connect(path).close()
    one = Keeping(path, GB)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for n in range(3):
            one.keep(key(n), answer())
            wait_until(lambda n=n: one.lost == n + 1)  # type: ignore[misc]
        other.execute("COMMIT")
    one.keep(key(3), answer())
    one.close()

    assert there(path, 4) == [3]
    first, last = lines(caplog)
    assert first.startswith(f"{LOST}cache {path}: another program holds its lock")
    assert last == "answers are kept again; 3 were lost"


def test_a_full_disk_loses_answers_until_there_is_room(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As a limit on the size of files has it, which SQLite meets in the same place."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    one = Keeping(path, GB)
    one.keep(key(0), answer())
    wait_until(lambda: path.exists() and there(path, 1) == [0])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        one.keep(key(1), answer(os.urandom(400_000)))
        wait_until(lambda: one.lost == 1)
        wait_until(lambda: there(path, 2) == [0])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    one.keep(key(2), answer())
    one.close()

    assert there(path, 3) == [0, 2]
    assert lines(caplog)[0].startswith(LOST)


def test_a_file_that_is_moved_away_is_made_anew(path: Path) -> None:
    one = Keeping(path, GB)
    one.keep(key(0), answer())
    wait_until(lambda: path.exists() and there(path, 1) == [0])
    for each in path.parent.glob(f"{path.name}*"):
        each.rename(each.with_name(f"old-{each.name}"))
    one.keep(key(1), answer())
    one.close()

    assert there(path, 2) == [1]


def test_what_can_not_be_deleted_yet_is_told_once_and_tried_again(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    with keeping(path) as one:
        one.keep(key(0), answer())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with keeping(path) as one:
            one.prune(NOON_US + DAY_US)
            one.prune(NOON_US + DAY_US)
        other.execute("COMMIT")
    assert there(path, 1) == [0]

    with keeping(path) as one:
        one.prune(NOON_US + DAY_US)

    assert there(path, 1) == []
    assert len(lines(caplog)) == 1
    assert lines(caplog)[0].startswith(AGAIN)


def test_hits_are_counted_also_by_who_keeps_nothing(path: Path) -> None:
    """At the end, and with whatever is written; of more answers than wait to be counted, not."""
    with keeping(path) as one:
        one.keep(key(0), answer())
    with keeping(path) as one:
        one.hit(key(0), NOON_US + 5)
        one.hit(key(0), NOON_US + 4)
        one.prune(NOON_US)
        wait_until(lambda: not one._hits)
        one.hit(key(0), NOON_US + 3)
    with keeping(path) as one:
        one.hit(key(0), NOON_US)

    with closing(connect_to_read(path)) as db:
        assert db.execute("SELECT hits, used_us FROM answers").fetchone() == (4, NOON_US + 5)


def test_hits_that_wait_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HITS", 1)
    with keeping(path) as one:
        one.keep(key(0), answer())
        one.keep(key(1), answer())
    with keeping(path) as one:
        for n in (0, 1, 0):
            one.hit(key(n), NOON_US)

    with closing(connect_to_read(path)) as db:
        assert db.execute("SELECT hits FROM answers ORDER BY key").fetchall() == [(2,), (0,)]


def test_a_folder_that_can_not_be_made_loses_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    with keeping(tmp_path / "file" / "c.db") as one:
        one.keep(key(0), answer())

    assert lines(caplog)[0].startswith(LOST)


KILLED = """
import os, sys, time
from pathlib import Path
from tests.tollway.caching.kept import answer
from tollway.cache.keeping import Keeping
keeping = Keeping(Path(sys.argv[1]), 10**9)
n = 0
while True:
    keeping.keep(b"%032d" % n, answer(os.urandom(20_000)))
    n += 1
    print(n, flush=True)
    time.sleep(0.0005)
"""


def test_kill_9_leaves_no_half_answer(path: Path, pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    words = [sys.executable, "-c", KILLED, str(path)]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'addons'}"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for _ in range(300):
            process.stdout.readline()
        process.kill()

    kept = there(path, 400)
    assert len(kept) > 0
    assert kept == list(range(len(kept)))
    with closing(connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        whole = db.execute("SELECT count(*) FROM answers JOIN bodies USING (id)").fetchone()
        assert whole == db.execute("SELECT count(*) FROM answers").fetchone() == (len(kept),)
        assert whole == db.execute("SELECT count(*) FROM bodies").fetchone()


def test_a_transaction_that_fails_leaves_the_former_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is deleted first, and the new one's body can't be written."""
    with keeping(path) as one:
        one.keep(key(0), answer(b"1"))
    with closing(connect(path)) as db:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON bodies BEGIN SELECT RAISE(ABORT, 'no'); END")
    with keeping(path) as one:
        one.keep(key(0), answer(b"2"))
        wait_until(lambda: one.lost == 1)

    with closing(connect_to_read(path)) as db:
        found = rows.find(db, key(0), NOON_US)
        assert found is not None
        assert rows.whole(db, found) == answer(b"1")
