"""A log that nobody waits for. Its readers are pipes."""

import logging
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from tollway.cli.written_apart import WrittenApart

LONG = 120.0


@dataclass
class Pipe:
    """A log that leads into a pipe, which is read when the test says so."""

    read_end: int
    log: WrittenApart
    got: bytearray = field(default_factory=bytearray)

    def say(self, message: str) -> None:
        """Log it."""
        record = {"msg": message, "levelname": "INFO", "levelno": logging.INFO}
        self.log.handle(logging.makeLogRecord(record))

    def read_until(self, end: bytes) -> list[str]:
        """All lines so far, once this has come."""
        while end not in self.got:
            self.read_more()
        return self.got.decode().splitlines()

    def read_more(self) -> None:
        """Wait for more, and read it."""
        assert select.select([self.read_end], [], [], LONG)[0], "it did not come"
        self.got += os.read(self.read_end, 2**20)


@contextmanager
def piped(**options: int) -> Iterator[Pipe]:
    """One, and an end."""
    read_end, write_end = os.pipe()
    log = WrittenApart(write_end, **options)
    log.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    try:
        yield Pipe(read_end, log)
    finally:
        with suppress(OSError):
            os.close(read_end)  # who still writes is told that nobody reads
        log.stop(LONG)
        os.close(write_end)


def test_lines_come_in_their_order() -> None:
    with piped() as pipe:
        for number in range(1_000):
            pipe.say(f"line {number}")

        assert pipe.read_until(b"line 999\n") == [f"INFO line {number}" for number in range(1_000)]
    assert pipe.log.dropped == 0


def told(lines: list[str]) -> list[int]:
    """How many lines were dropped, as the log says."""
    return [int(line.split()[1]) for line in lines if "lines of the log were dropped" in line]


def test_a_log_that_is_not_read_holds_nobody_up_and_is_bounded() -> None:
    """A pipe has room for 64 KB, a batch of 101 lines is being written, 100 wait: the rest of 20,000 of 1 KB
    find no room, and none waits. Once it is read, the log says how many were dropped, and goes on.
    """
    with piped(most=100) as pipe:
        for number in range(20_000):
            pipe.say(f"{number} {'x' * 1_000}")
        dropped = pipe.log.dropped
        while sum(told(pipe.read_until(b"were dropped"))) < dropped:
            pipe.read_more()
        pipe.say("the end")
        lines = pipe.read_until(b"the end\n")

    assert dropped >= 20_000 - 64 - 101 - 100
    assert sum(told(lines)) == dropped
    assert len(lines) == 20_000 - dropped + len(told(lines)) + 1


def test_it_is_bounded_by_its_size_too() -> None:
    """Of lines of 100 KB, nine are less than a megabyte; the first of them is on its way."""
    with piped(largest=1_000_000) as pipe:
        for _ in range(1_000):
            pipe.say("x" * 100_000)

        assert pipe.log.dropped == 991


def test_what_can_not_be_put_into_words_is_counted_and_ends_nothing() -> None:
    with piped() as pipe:
        pipe.log.handle(logging.makeLogRecord({"msg": "%d of %d", "args": ("one",)}))
        pipe.say("and on")

        assert "INFO and on" in pipe.read_until(b"and on\n")
    assert pipe.log.dropped == 1


def test_what_waits_is_written_at_the_end() -> None:
    with piped() as pipe:
        pipe.say("the last")
        pipe.log.stop(LONG)

        assert pipe.read_until(b"\n") == ["INFO the last"]


def test_the_end_waits_for_nobody_who_does_not_read() -> None:
    """Ten wait; how many are on their way by then hangs on the thread. None of it was read."""
    with piped(most=10) as pipe:
        for _ in range(100):
            pipe.say("x" * 100_000)

        pipe.log.stop(0.01)

        assert pipe.log.dropped > 0
        assert not pipe.got


def test_a_log_whose_reader_is_gone_is_lost_and_the_next_line_too() -> None:
    with piped() as pipe:
        os.close(pipe.read_end)

        pipe.say("one")
        pipe.say("two")
        pipe.log.stop(LONG)


def test_a_pipe_that_does_not_block_is_waited_for() -> None:
    """As programs that start others may leave it."""
    with piped() as pipe:
        os.set_blocking(pipe.log._fd, False)

        for number in range(300):
            pipe.say(f"{number} {'x' * 1_000}")

        assert len(pipe.read_until(b"INFO 299 " + b"x" * 1_000 + b"\n")) == 300
    assert pipe.log.dropped == 0


@pytest.mark.parametrize("text", ["snö", "\ud800"])
def test_text_that_utf8_has_not_is_written_all_the_same(text: str) -> None:
    with piped() as pipe:
        pipe.say(text)

        assert pipe.read_until(b"\n") == [f"INFO {text.encode('utf-8', 'replace').decode()}"]


WRITER = """
import logging, sys
from tollway.cli.written_apart import WrittenApart

fd, lock, sign = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
log = WrittenApart(fd, lock=lock)
print("ready", flush=True)
sys.stdin.read()  # until all are
for _ in range(50):
    log.handle(logging.makeLogRecord({"msg": sign * 30_000}))
log.stop(120)
"""


def test_lines_of_several_processes_do_not_stand_within_each_other() -> None:
    """They are longer than what the system writes to a pipe as a whole, and the pipe is full all the time."""
    read_end, write_end = os.pipe()
    here = os.pathsep.join(path for path in sys.path if path)
    with tempfile.TemporaryFile() as lock, os.fdopen(read_end) as reading:
        words = [sys.executable, "-c", WRITER, str(write_end), str(lock.fileno())]
        environment = {**os.environ, "PYTHONPATH": here}
        with ExitStack() as stack:
            writers = [
                stack.enter_context(
                    subprocess.Popen(
                        [*words, sign], pass_fds=(write_end, lock.fileno()), env=environment,
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    )
                )
                for sign in "abc"
            ]  # fmt: skip
            os.close(write_end)
            for writer in writers:
                assert writer.stdout is not None
                assert writer.stdout.readline() == b"ready\n"
            for writer in writers:
                assert writer.stdin is not None
                writer.stdin.close()
            lines = reading.read().splitlines()
            assert [writer.wait(LONG) for writer in writers] == [0, 0, 0]

    assert sorted(lines) == [sign * 30_000 for sign in "abc" for _ in range(50)]
