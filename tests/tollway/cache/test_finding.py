"""Answers are found, or are not there: whatever the file is like, no call fails of it."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.tollway.cache.stores import found
from tests.tollway.caching.kept import NOON_US, answer
from tollway.cache import finding as module
from tollway.cache.file import beside
from tollway.cache.finding import BLIND, REST_US, SEES, Finding
from tollway.cache.sqlite import SqliteAnswers

KEY, LARGE = b"k" * 32, b"l" * 32
KEPT = answer(os.urandom(3000))
LONG = answer(os.urandom(400_000))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where two answers are, a small and a large one."""
    path = beside(tmp_path / "ledger.db")
    keep(path)
    return path


def keep(path: Path) -> None:
    with closing(SqliteAnswers(path, 10**9)) as answers:
        answers.keep(KEY, KEPT)
        answers.keep(LARGE, LONG)


@contextmanager
def finding(path: Path) -> Iterator[SqliteAnswers]:
    with closing(SqliteAnswers(path, 10**9)) as answers:
        yield answers


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == module.__name__]


def test_a_small_one_is_found_at_once_and_a_large_one_beside_the_loop(path: Path) -> None:
    with finding(path) as answers:
        assert answers.find(KEY, NOON_US) == KEPT
        later = answers.find(LARGE, NOON_US)

    assert hasattr(later, "__await__")
    later.close()  # type: ignore[union-attr]


def test_a_file_that_is_just_being_made_is_not_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The first answer is found as soon as it is there."""
    path = beside(tmp_path / "ledger.db")
    path.touch()
    with finding(path) as answers:
        assert answers.find(KEY, NOON_US) is None
        keep(path)
        assert answers.find(KEY, NOON_US) == KEPT

    assert lines(caplog) == []


async def test_so_is_one_that_is_small_only_as_it_is_kept(path: Path) -> None:
    long = answer(b"x" * 2_000_000)
    with finding(path) as answers:
        answers.keep(KEY, long)
    with finding(path) as answers:
        later = answers.find(KEY, NOON_US)

        assert hasattr(later, "__await__")
        assert await later == long  # type: ignore[misc]


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def torn(path: Path) -> None:
    """Its first page is there, the rest is not what it was."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("harm", [garbage, torn, cut])
async def test_a_file_that_is_damaged_has_no_answers_and_is_told_of_once(
    path: Path, harm: object, caplog: pytest.LogCaptureFixture
) -> None:
    harm(path)  # type: ignore[operator]

    with finding(path) as answers:
        for n in range(5):
            assert await found(answers, KEY, NOON_US + n * REST_US) is None
            assert await found(answers, LARGE, NOON_US + n * REST_US) is None

    (line,) = lines(caplog)
    assert line.startswith(BLIND % f"cache {path}: ")


async def test_it_is_left_alone_for_some_seconds_and_found_again(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also if the clock is set back by years."""
    data = path.read_bytes()
    garbage(path)
    with finding(path) as answers:
        assert await found(answers, KEY, NOON_US) is None
        path.write_bytes(data)
        assert await found(answers, KEY, NOON_US + REST_US - 1) is None
        assert await found(answers, KEY, NOON_US + REST_US) == KEPT
        garbage(path)
        answers._finding.close()
        assert await found(answers, KEY, NOON_US + REST_US) is None
        path.write_bytes(data)
        assert await found(answers, KEY, NOON_US - 10**12) == KEPT

    assert [line == SEES for line in lines(caplog)] == [False, True, False, True]


@pytest.mark.parametrize("key", [KEY, LARGE])
async def test_one_damaged_answer_is_not_there_and_the_others_are(
    path: Path, key: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(
            "UPDATE bodies SET body = zeroblob(length(body))"
            " WHERE id = (SELECT id FROM answers WHERE key = ?)",
            (key,),
        )

    with finding(path) as answers:
        assert await found(answers, key, NOON_US) is None
        assert await found(answers, LARGE if key == KEY else KEY, NOON_US) is not None

    assert lines(caplog)[0].startswith(BLIND % f"cache {path}: its file is damaged")


async def test_a_file_that_is_deleted_is_empty_and_one_in_its_place_is_read(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with finding(path) as answers:
        assert await found(answers, KEY, NOON_US) == KEPT
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        assert await found(answers, KEY, NOON_US) is None
        keep(path)
        assert await found(answers, KEY, NOON_US) == KEPT

    assert lines(caplog) == []


async def test_another_process_that_writes_is_not_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other, finding(path) as answers:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM answers")

        assert await found(answers, KEY, NOON_US) == KEPT
        assert await found(answers, LARGE, NOON_US) == LONG

        other.execute("COMMIT")
        assert await found(answers, KEY, NOON_US) is None


async def test_a_folder_that_nobody_may_write_to_is_no_fault_or_a_miss(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever SQLite makes of it (a root's test may write anywhere), no call fails."""
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    path.parent.chmod(0o500)
    path.chmod(0o400)
    try:
        with finding(path) as answers:
            assert await found(answers, KEY, NOON_US) in (KEPT, None)
            answers.keep(LARGE, KEPT)
    finally:
        path.parent.chmod(mode)

    assert "Traceback" not in caplog.text


async def test_a_file_that_another_process_is_about_to_change_is_a_miss_and_no_fault(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other, finding(path) as answers:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert await found(answers, KEY, NOON_US) is None
        other.execute("COMMIT")
        other.close()

        assert await found(answers, KEY, NOON_US) == KEPT

    assert lines(caplog) == []


def test_letting_go_twice_harms_nothing(path: Path) -> None:
    one = Finding(path)
    one.find(KEY, NOON_US)
    one.close()
    one.close()
