"""Texts are kept by a thread, without credentials; what can't be kept is lost, and no call is harmed."""

import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.tollway.redaction.made import word
from tests.tollway.texts.made import DAY_US, NOON_US, text
from tollway.sidecar import file
from tollway.sidecar.writer import MOST_WAITING
from tollway.texts.file import beside, connect
from tollway.texts.reader import TextReader
from tollway.texts.store import BINARY, DELETED, Text
from tollway.texts.writer import TextWriter, Waiting

NONE: frozenset[str] = frozenset()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the texts of a ledger go."""
    return beside(tmp_path / "ledger.db")


def read(path: Path, *calls: str, now_us: int = NOON_US) -> list[Text]:
    with closing(TextReader(path)) as reader:
        return [each for call in calls for each in reader.of(call, now_us)]


@contextmanager
def writing(path: Path, most_waiting: int = MOST_WAITING) -> Iterator[TextWriter]:
    """A writer; all that it was given is written, or lost, at the end."""
    writer = TextWriter(path, most_waiting)
    try:
        yield writer
    finally:
        writer.close()


def test_what_is_kept_is_there_once_it_is_closed(path: Path) -> None:
    with writing(path) as writer:
        for n in range(200):
            writer.keep(text(f"c{n}"), NONE)

    assert read(path, *(f"c{n}" for n in range(200))) == [text(f"c{n}") for n in range(200)]
    assert writer.lost == 0


def test_without_a_text_there_is_neither_a_file_nor_a_thread(path: Path) -> None:
    before = threading.active_count()

    with writing(path) as writer:
        writer.prune(NOON_US)
        assert threading.active_count() == before

    assert not path.exists()


def test_credentials_are_taken_out_before_anything_is_written(path: Path) -> None:
    """Those that look like some, and those that the call is known to show."""
    key, own = f"sk-{word(30)}", "open sesame"
    body = f'{{"content": "my key is {key}, my word is {own}"}}'.encode()

    with writing(path) as writer:
        writer.keep(text("c1", body=body), {own})

    (kept,) = read(path, "c1")
    assert kept.body == b'{"content":"my key is [redacted key], my word is [redacted credential]"}'
    files = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert key.encode() not in files
    assert own.encode() not in files


def test_what_is_no_text_is_not_kept(path: Path) -> None:
    with writing(path) as writer:
        writer.keep(text("c1", body=b"RIFF\xff\xfe\x00\x01"), NONE)
        writer.keep(text("c2", body=b"caf\xc3", whole=False), NONE)
        writer.keep(text("c3", body=b"\xff\xfe and more", whole=False), NONE)

    one, two, three = read(path, "c1", "c2", "c3")
    assert (one.body, one.why_not) == (None, BINARY)
    assert two.body == b"caf\xc3"
    assert three.why_not == BINARY


def test_of_what_credentials_can_not_be_taken_out_nothing_is_kept(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = f"sk-{word(30)}"
    deep = b'{"a":' * 900 + b'"' + key.encode() + b'"' + b"}" * 900

    with writing(path) as writer:
        writer.keep(text("c1", body=deep), NONE)
        writer.keep(text("c2"), NONE)

    assert [each.call for each in read(path, "c1", "c2")] == ["c2"]
    assert writer.lost == 1
    assert "a text of call c1 is not kept: credentials may be in it" in caplog.text
    assert key not in caplog.text


def test_what_is_over_is_deleted_whoever_kept_it(path: Path) -> None:
    with writing(path) as writer:
        writer.keep(text("c1"), NONE)
        writer.keep(text("c2", until_us=NOON_US + 2 * DAY_US), NONE)

    with writing(path) as other:
        other.prune(NOON_US + DAY_US)

    assert [each.why_not for each in read(path, "c1", "c2")] == [DELETED, None]


def test_two_processes_keep_texts_in_one_file(path: Path) -> None:
    with writing(path) as one, writing(path) as other:
        for n in range(50):
            one.keep(text(f"a{n}"), NONE)
            other.keep(text(f"b{n}"), NONE)

    assert len(read(path, *(f"{who}{n}" for who in "ab" for n in range(50)))) == 100


def test_what_waits_is_bounded_and_what_has_no_room_is_lost_at_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    connect(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, writing(path, 100) as writer:
        other.execute("BEGIN IMMEDIATE")
        for n in range(10):
            writer.keep(text(f"c{n}", body=b"x" * 40), NONE)
        assert writer.lost == 8
        other.execute("COMMIT")

    assert len(read(path, *(f"c{n}" for n in range(10)))) == 2
    assert caplog.text.count("more texts wait to be kept than may") == 1


def test_a_file_that_is_locked_loses_texts_says_so_once_and_how_many_they_were(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    connect(path).close()
    writer = TextWriter(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for n in range(3):
            writer.keep(text(f"a{n}"), NONE)
            wait_until_lost(writer, n + 1)
        other.execute("COMMIT")
    writer.keep(text("b"), NONE)
    writer.close()

    assert [each.call for each in read(path, "a0", "a1", "a2", "b")] == ["b"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("texts can't be kept, so they are lost; calls go on: texts ")
    assert "another program holds its lock" in lines[0]
    assert lines[1] == "texts are kept again; 3 were lost"


def wait_until_lost(writer: TextWriter, count: int) -> None:
    """A text is written, or lost, by a thread."""
    ticking = threading.Event()
    for _ in range(20_000):
        if writer.lost >= count:
            return
        ticking.wait(0.001)
    raise AssertionError(writer.lost)


def test_a_full_disk_loses_texts_until_there_is_room(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As a limit on the size of files has it, which SQLite meets in the same place."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    writer = TextWriter(path)
    writer.keep(text("first"), NONE)
    wait_until_there(path, "first")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        writer.keep(text("large", body=os.urandom(400_000).hex().encode()), NONE)
        wait_until_lost(writer, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    writer.keep(text("last"), NONE)
    writer.close()

    assert [each.call for each in read(path, "first", "large", "last")] == ["first", "last"]
    assert "texts can't be kept, so they are lost; calls go on" in caplog.text


def test_a_file_that_is_moved_away_is_made_anew(path: Path) -> None:
    writer = TextWriter(path)
    writer.keep(text("c1"), NONE)
    wait_until_there(path, "c1")
    for each in path.parent.glob(f"{path.name}*"):
        each.rename(each.with_name(f"old-{each.name}"))

    writer.keep(text("c2"), NONE)
    writer.close()

    assert [each.call for each in read(path, "c1", "c2")] == ["c2"]


def wait_until_there(path: Path, call: str) -> None:
    """A text is written by a thread."""
    ticking = threading.Event()
    for _ in range(20_000):
        if path.exists() and path.stat().st_size and tables(path) and read(path, call):
            return
        ticking.wait(0.001)
    raise AssertionError(call)


def tables(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        count: int = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        return count


def test_what_can_not_be_deleted_yet_is_told_once_and_tried_again(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    with writing(path) as writer:
        writer.keep(text("c1"), NONE)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, writing(path) as writer:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            writer.prune(NOON_US + DAY_US)
        writer.close()
        other.execute("COMMIT")
    with writing(path) as writer:
        writer.prune(NOON_US + DAY_US)

    assert caplog.text.count("texts that are over could not be deleted yet, they will be") == 1
    assert [each.why_not for each in read(path, "c1")] == [DELETED]


def test_a_folder_that_can_not_be_made_loses_texts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()

    with writing(tmp_path / "file" / "texts.db") as writer:
        writer.keep(text("c1"), NONE)

    assert writer.lost == 1
    assert "texts can't be kept" in caplog.text


KILLED = """
import sys, time
from pathlib import Path
from tests.tollway.texts.made import text
from tollway.texts.writer import TextWriter
writer = TextWriter(Path(sys.argv[1]))
n = 0
while True:
    writer.keep(text(f"c{n}"), frozenset())
    n += 1
    print(n, flush=True)
    time.sleep(0.0005)
"""


def test_what_was_kept_outlives_kill_9(path: Path, pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    words = [sys.executable, "-c", KILLED, str(path)]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'addons'}"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for _ in range(300):
            process.stdout.readline()
        process.kill()

    kept = [each.call for each in read(path, *(f"c{n}" for n in range(200)))]
    assert len(kept) > 0
    assert kept == [f"c{n}" for n in range(len(kept))]
    with closing(connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_shows_a_text_that_waits_shows_no_secret() -> None:
    assert repr(Waiting(text("c1"), {"open sesame"})) == "Text(c1, request, 8 bytes)"
