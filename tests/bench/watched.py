"""Runs a module with its event loop watched: the longest time that one step of it took.

In CPU time of the loop's thread, since on a machine that others use too a process stands still for reasons
of theirs. SIGUSR2 writes it, in milliseconds, into the file that BENCH_STALL names, and starts over.
"""

import asyncio
import os
import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

longest = 0.0
run: Any = asyncio.Handle._run


def watch(handle: Any) -> None:
    """Run a step of the loop, and note how long it took."""
    global longest
    start = time.thread_time()
    run(handle)
    longest = max(longest, time.thread_time() - start)


def tell(*_: object) -> None:
    """Write the figure down, at once and whole."""
    global longest
    file = Path(os.environ["BENCH_STALL"])
    new = file.with_suffix(".new")
    new.write_text(f"{longest * 1000:.1f}")
    new.replace(file)
    longest = 0.0


if __name__ == "__main__":
    asyncio.Handle._run = watch  # type: ignore[method-assign, assignment]
    signal.signal(signal.SIGUSR2, tell)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
