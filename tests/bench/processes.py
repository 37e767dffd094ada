"""Processes that a run starts: pinned to a core, in sessions of their own, gone when the run is gone."""

import ctypes
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORES = sorted(os.sched_getaffinity(0))
CORE, OTHER = CORES[0], CORES[-1 if len(CORES) == 1 else 1]
"""The proxies' core; that of the load and of the simulator."""
TICKS = os.sysconf("SC_CLK_TCK")
START = 180.0
"""Seconds that a process has to start to listen."""
GONE = 20.0
"""Seconds that what was killed has to be gone."""
PR_SET_PDEATHSIG = 1
LISTENS = re.compile(r"127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Process:
    """A process with its children."""

    pid: int
    log: Path
    """What it printed."""

    def cpu(self) -> float:
        """Seconds of CPU used so far: all threads, children too, living or dead."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        dead = (int(fields[13]) + int(fields[14])) / TICKS
        return dead + sum(_cpu(pid) for pid in session(self.pid))

    def rss(self) -> float:
        """Megabytes (2**20 bytes) that are resident now, of children too."""
        return sum(map(size, session(self.pid)))


def session(leader: int) -> list[int]:
    """The processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                found += [int(folder.name)] if int(fields[3]) == leader and fields[0] != "Z" else []
    return found


def size(pid: int) -> float:
    """Megabytes (2**20 bytes) of one process that are resident now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _cpu(pid: int) -> float:
    """To the nanosecond, where /proc counts ticks: Linux's clock id for the CPU time of a process."""
    with suppress(OSError):
        return time.clock_gettime(~pid << 3 | 2)
    return 0.0


@contextmanager
def started(
    words: Sequence[str], log: Path, *cores: int, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """A process on these cores, as long as the context lasts; at its end it is told to end, then its session
    killed."""

    def prepare() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.sched_setaffinity(0, cores)

    variables = os.environ | {"PYTHONPATH": f"{ROOT / 'addons'}{os.pathsep}{ROOT}", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            words,
            env=variables | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=prepare,
        )
    try:
        yield Process(process.pid, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _gone(process.pid)


def _gone(leader: int) -> None:
    """Wait for the rest of a killed session, which on a busy machine takes its time. Raises TimeoutError."""
    until = time.monotonic() + GONE
    while session(leader):
        if time.monotonic() > until:
            raise TimeoutError(f"of the session {leader} something lives on")
        time.sleep(0.01)


def said(process: Process, pattern: re.Pattern[str] = LISTENS) -> re.Match[str]:
    """What the process printed, once it matches. Raises RuntimeError if it ends or time is up."""
    return _wait(process, lambda: pattern.search(process.log.read_text(errors="replace")))


def accepts(process: Process, port: int) -> bool:
    """True once the port is open. Raises RuntimeError if the process ends or time is up."""

    def knock() -> bool:
        with socket.socket() as knocking:
            return knocking.connect_ex(("127.0.0.1", port)) == 0

    return _wait(process, knock)


def _wait[T](process: Process, look: Callable[[], T | None]) -> T:
    until = time.monotonic() + START
    while time.monotonic() < until and process.pid in session(process.pid):
        if found := look():
            return found
        time.sleep(0.05)
    tail = process.log.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"a process did not start to listen; it printed:\n{tail}")
