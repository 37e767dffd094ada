"""The view in a real terminal, of a ledger that is written meanwhile."""

import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.terminal import Terminal, terminal
from tests.tollway.ledger.samples import call
from tests.tollway.live.samples import snapshot
from tollway import clock
from tollway.ledger.connect import connect
from tollway.ledger.presence import Presence
from tollway.ledger.row import UPSERT, row_of
from tollway.live.snapshot import Snapshot
from tollway.live.terminal import plain
from tollway.model import Cost
from tollway.money import NANO

pytestmark = pytest.mark.slow


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger with a call of a dollar, a minute ago."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        write(db, "a", ago_us=1_000_000, user="ann", session="s-1", status=200)
        yield db


def write(db: sqlite3.Connection, id: str, ago_us: int = 0, process: str = "p", **fields: object) -> None:
    """A call of a dollar."""
    now_us = int(clock.now() * 1_000_000)
    known = {"started_us": now_us - ago_us, "ended_us": now_us, "cost": Cost(input_nano=NANO), **fields}
    db.execute(UPSERT, row_of(call(id, **known), process))


@contextmanager
def living(tmp_path: Path) -> Iterator[str]:
    """The name of a process that lives, for its rows."""
    presence = Presence(tmp_path / "ledger.db")
    yield presence.process
    presence.end()


@contextmanager
def top(
    tmp_path: Path, width: int = 80, height: int = 24, variables: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """`tollway top --span hour` in a terminal."""
    words = [
        sys.executable,
        "-m",
        "tollway",
        "top",
        "--span=hour",
        f"--ledger=sqlite:{tmp_path / 'ledger.db'}",
    ]
    known = {"TOLLWAY_HOME": str(tmp_path), "PYTHONPATH": "addons", **(variables or {})}
    with terminal(words, known, width, height) as found:
        yield found


def test_calls_are_seen_as_they_happen(db: sqlite3.Connection, tmp_path: Path) -> None:
    with living(tmp_path) as process, top(tmp_path) as screen:
        screen.wait("last hour $1.00  1 call  0 in flight")
        write(db, "b", process=process, state="open", user="bob", model="gpt-5")
        lines = screen.wait("2 calls  1 in flight")
        assert any(re.search(r"bob +gpt-5 .* ~\$1\.00 .* \.\.\.$", line) for line in lines)
        write(db, "b", user="bob", model="gpt-5", cost=Cost(input_nano=5 * NANO), status=200)
        lines = screen.wait("last hour $6.00  2 calls  0 in flight")
        assert any(line.startswith("gpt-5") and "$5.00" in line for line in lines)
        screen.press("q")
        screen.wait("ended 0")


def test_whoever_looks_first_sees_the_first_call_come(tmp_path: Path) -> None:
    """The ledger that programs use by default need not be there yet."""
    words = [sys.executable, "-m", "tollway", "top"]
    with terminal(words, {"TOLLWAY_HOME": str(tmp_path), "PYTHONPATH": "addons"}, 80, 24) as screen:
        screen.wait("No calls yet: lead a program through the proxy")
        with closing(connect(tmp_path / "ledger.db", "process")) as db:
            write(db, "a", user="ann")
        screen.wait("today $1.00  1 call ")


def test_keys_do_what_they_say(db: sqlite3.Connection, tmp_path: Path) -> None:
    """A call's page, its user's calls, a filter, help, another span, another grouping, a pause."""
    write(db, "b", user="bob", session="s-2", status=529)
    with top(tmp_path) as screen:
        screen.wait("2 calls")
        screen.press("Down", "Down", "Enter")
        screen.wait("── call a ")
        screen.press("u")
        lines = screen.wait("calls by time, user ann")
        assert not any(re.search(r"\bbob\b", line) for line in lines)
        screen.press("Escape")
        screen.wait(lambda lines: any(" bob " in line for line in lines))
        screen.press("/", "5", "2", "9")
        screen.wait("filter: 529_")
        screen.press("Enter")
        screen.wait("calls by time, filter 529")
        screen.press("Escape", "?")
        screen.wait("choose a call")
        screen.press("Escape", "g", "s", "t")
        screen.wait(
            lambda lines: "today, by provider" in "".join(lines) and "calls by cost" in "".join(lines)
        )
        screen.press("p")
        screen.wait("PAUSED")
        write(db, "c")
        screen.press("t")
        screen.wait("last 7 days $3.00  3 calls")  # another span is looked at even then
        screen.press("p", "C-c")
        screen.wait("ended 0")


def test_the_view_follows_the_terminals_size(db: sqlite3.Connection, tmp_path: Path) -> None:
    with top(tmp_path) as screen:
        assert len(screen.wait("q quit")) == 24
        screen.resize(150, 40)
        lines = screen.wait(lambda lines: len(lines) == 40 and lines[-1].startswith("q quit"))
        assert max(map(len, lines)) == 150


def test_no_colour_means_none(db: sqlite3.Connection, tmp_path: Path) -> None:
    """NO_COLOR (no-color.org); what is bold stays."""
    for variables, coloured in (({"TERM": "xterm-256color"}, True), ({"NO_COLOR": "1"}, False)):
        with top(tmp_path, variables=variables) as screen:
            screen.wait("q quit")
            shown = screen.screen(escapes=True)
            assert bool(re.search(r"\x1b\[3[0-8]m", "\n".join(shown))) is coloured
            screen.press("q")
            screen.wait("ended 0")


def test_a_terminal_without_unicode_gets_ascii(db: sqlite3.Connection, tmp_path: Path) -> None:
    """Of what callers chose, too."""
    write(db, "b", user="ann\x1b\N{CJK UNIFIED IDEOGRAPH-6F22}", model="mod\xe8le")
    with top(tmp_path, variables={"PYTHONIOENCODING": "ascii"}) as screen:
        lines = screen.wait("-- calls by time ---")
        assert any("ann??" in line and "mod?le" in line for line in lines)
        screen.press("q")
        screen.wait("ended 0")


def test_a_terminal_that_can_not_be_drawn_on_gets_a_snapshot(db: sqlite3.Connection, tmp_path: Path) -> None:
    """As an editor's may be."""
    words = ["env", "TERM=dumb", sys.executable, "-m", "tollway", "top", "--span=hour"]
    with terminal(words, {"TOLLWAY_HOME": str(tmp_path), "PYTHONPATH": "addons"}, 80, 24) as screen:
        lines = screen.wait("ended 0")
        assert any(line.startswith("last hour $1.00  1 call") for line in lines)


def test_a_terminal_is_put_back_when_the_program_is_ended(db: sqlite3.Connection, tmp_path: Path) -> None:
    with top(tmp_path) as screen:
        screen.wait("q quit")
        screen.terminate()
        assert screen.wait("ended 143")[0].startswith("ended")  # of the screen before it


def test_a_view_for_once_has_as_many_lines_as_it_needs() -> None:
    lines = plain(snapshot(), 120, "utf-8").split("\n")

    assert lines[0].startswith("today $2.00  13 calls")
    assert "10.0.0.9" in lines[-1]
    assert "q quit" not in "".join(lines)


def test_a_view_of_an_empty_ledger_says_so() -> None:
    quiet: Snapshot = snapshot((), standings=(), alerts=(), spent=dict.fromkeys(snapshot().spent, ()))

    assert plain(quiet, 120, "ascii").split("\n")[-1].startswith("No calls yet")
