"""What holds for all tests."""

import signal

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    summary.tell(terminalreporter)
