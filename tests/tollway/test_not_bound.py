"""Why nothing can listen: a sentence that says what to do."""

import errno

import pytest

from tollway.not_bound import not_bound, why_not


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EACCES, "x"), "ports below 1024 are root's; choose another with --listen HOST:PORT"),
        (OSError(errno.EMFILE, "Too many"), "Too many; choose another with --listen HOST:PORT"),
        (OSError("in words"), "in words; choose another with --listen HOST:PORT"),
    ],
)
def test_an_error_is_said_with_what_to_do(error: OSError, said: str) -> None:
    assert why_not(error) == said


def test_the_reason_is_that_of_the_first_error() -> None:
    """mitmproxy wraps it in advice of its own."""
    error = OSError("advice")
    error.__cause__ = OSError(errno.EMFILE, "Too many open files")

    assert why_not(error).startswith("Too many open files;")


def test_it_names_the_address() -> None:
    error = not_bound("127.0.0.1", 8080, OSError(errno.EADDRINUSE, "advice"))

    assert str(error).startswith("can't listen on 127.0.0.1:8080: another program has the port; ")
