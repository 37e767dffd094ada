"""What holds for all tests."""

import gc
import os
import signal
from pathlib import Path

import coverage
import pytest
from hypothesis import settings

from tests.corpus import summary
from tests.tollway.measured import ENGINE, leave_out_others

leave_out_others(ENGINE)

# No test is a timed one: a loaded machine is not a fault of the code.
settings.register_profile("tollway", deadline=None)
settings.load_profile("tollway")

# A shell's background job, and nohup, ignore these, and so would all that a test starts.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


OURS = Path(__file__).parent / "tollway"
MEASURED = os.environ.get("COVERAGE_PROCESS_CONFIG")
"""Has the processes that a test starts measured, too."""


def pytest_collection_finish() -> None:
    """Tens of thousands of tests live as long as this process: the collector need not go through them."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Processes are measured where tests of ours are about: benches and clients take twice as long by it."""
    if MEASURED is not None:
        if item.path.is_relative_to(OURS):
            os.environ["COVERAGE_PROCESS_CONFIG"] = MEASURED
        else:
            os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a process of xdist's has measured is kept now: it is killed if its end takes ten seconds."""
    if hasattr(session.config, "workerinput") and (measuring := coverage.Coverage.current()) is not None:
        measuring.stop()
        measuring.save()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    summary.tell(terminalreporter)
