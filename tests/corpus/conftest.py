"""The table of recorded exchanges, host by host, at the end of every run that met them."""

import pytest

from tests.corpus.exchanges import ABSENT, FILE

MET = pytest.StashKey[set[int]]()
"""The numbers of the exchanges that were metered as the second reading has them."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(MET, set())


@pytest.fixture
def met(pytestconfig: pytest.Config) -> set[int]:
    """Where a test notes the number of an exchange that it found metered exactly."""
    return pytestconfig.stash.setdefault(MET, set())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not FILE.exists():
        terminalreporter.section("recorded exchanges: NOT TESTED")
        terminalreporter.write_line(ABSENT)
    elif met_here := config.stash.get(MET, set()):
        from tests.corpus.figures import lines  # here: a broken import must fail tests, not pytest

        terminalreporter.section("recorded exchanges")
        for line in lines(met_here):
            terminalreporter.write_line(line)
