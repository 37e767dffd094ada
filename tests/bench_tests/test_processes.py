"""What a run starts, and that nothing of it is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.processes import CORE, ROOT, accepts, said, session, started

BUSY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
print("listens on 127.0.0.1:1234", flush=True)
time.sleep(60)
"""
HOLDER = """
import sys, time
from pathlib import Path
from tests.bench.processes import CORE, started
with started([sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]), CORE) as process:
    print(process.pid, flush=True)
    time.sleep(60)
"""
PATIENCE = 60.0
"""Seconds; a loaded machine is slow."""


def gone(leader: int) -> None:
    """Wait until no process of a session is left: what was killed takes a moment to end."""
    until = time.monotonic() + PATIENCE
    while left := session(leader):
        assert time.monotonic() < until, f"processes {left} are left"


@pytest.mark.slow
def test_cpu_and_memory_of_children_count_and_children_end_too(tmp_path: Path) -> None:
    with started([sys.executable, "-c", BUSY], tmp_path / "log", CORE) as process:
        assert said(process)[1] == "1234"
        pids = session(process.pid)
        assert len(pids) == 2
        assert all(os.sched_getaffinity(pid) == {CORE} for pid in pids)
        before, until = process.cpu(), time.monotonic() + PATIENCE
        while process.cpu() < before + 0.05:  # the child alone is busy
            assert time.monotonic() < until, "a child's CPU time does not count"
        assert process.rss() > 2
    gone(process.pid)


def test_what_does_not_start_is_told_with_what_it_printed(tmp_path: Path) -> None:
    broken = [sys.executable, "-c", "raise SystemExit('no such port')"]
    with (
        started(broken, tmp_path / "log", CORE) as process,
        pytest.raises(RuntimeError, match="no such port"),
    ):
        accepts(process, 1)


@pytest.mark.slow
def test_killing_the_bench_outright_kills_what_it_started(tmp_path: Path) -> None:
    variables = os.environ | {"PYTHONPATH": f"{ROOT}"}
    words = [sys.executable, "-c", HOLDER, str(tmp_path / "log")]
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE) as bench:
        assert bench.stdout is not None
        pid = int(bench.stdout.readline())
        assert session(pid) == [pid]
        bench.send_signal(signal.SIGKILL)
        bench.wait(PATIENCE)
        gone(pid)
