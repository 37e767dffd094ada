"""The table of recorded exchanges, host by host, at the end of every run that met them."""

from collections.abc import Iterator

import pytest

from tests.corpus.exchanges import ABSENT, FILE

METERED = "metered"
"""The property under which a test notes the number of an exchange that it found metered exactly. Properties
come back from the processes that tests are spread over."""


def tell(reporter: pytest.TerminalReporter) -> None:
    """Print the table; nothing, where no recorded exchange was met."""
    if not FILE.exists():
        reporter.section("recorded exchanges: NOT TESTED")
        reporter.write_line(ABSENT)
    elif met := set(numbers(reporter)):
        from tests.corpus.figures import lines  # here: a broken import must fail tests, not pytest

        reporter.section("recorded exchanges")
        for line in lines(met):
            reporter.write_line(line)


def numbers(reporter: pytest.TerminalReporter) -> Iterator[int]:
    """The exchanges that tests have noted."""
    for report in reporter.getreports("passed"):
        yield from (number for name, number in report.user_properties if name == METERED)
