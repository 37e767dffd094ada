"""What counts as a failure of a target, as policies write it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from tollway.policy.failures import USUAL, BreakerEntry, Failures, failing, written
from tollway.routing.breaker import Tripping
from tollway.routing.failing import Failing

ADAPTER: TypeAdapter[tuple[tuple[str, int], ...]] = TypeAdapter(Failures)


def test_statuses_classes_connections_and_times_are_failures() -> None:
    on = ADAPTER.validate_python([429, 503, "5xx", "connect", "headers 500ms", "timeout 20s", "timeout 2m"])

    assert failing(on, 2, BreakerEntry(failures=3, rest="10s")) == Failing(
        statuses=frozenset({429, 503}),
        classes=frozenset({5}),
        connect=True,
        headers_us=500_000,
        first_byte_us=20_000_000,
        retries=2,
        tripping=Tripping(failures=3, rest_us=10_000_000),
    )


def test_failures_are_written_as_they_are_read() -> None:
    said = ["429", "503", "5xx", "connect", "headers 500ms", "timeout 20s"]

    assert written(failing(ADAPTER.validate_python([429, 503, *said[2:]]), 0, None)) == tuple(said)
    assert written(failing(USUAL, 0, None)) == ("429", "5xx", "connect")


def test_by_itself_too_much_and_an_outage_count() -> None:
    assert failing(USUAL, 0, None) == Failing(statuses=frozenset({429}), classes=frozenset({5}), connect=True)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (200, "statuses of failures are 300 to 599, not 200"),
        (600, "statuses of failures are 300 to 599, not 600"),
        (True, "a failure is a status"),
        ("2xx", "not '2xx'"),
        ("timeout", "not 'timeout'"),
        ("timeout 0s", "write a time of 1ms to 60m"),
        ("timeout 61m", "write a time of 1ms to 60m"),
        ("headers soon", "write a time of 1ms to 60m"),
        (None, "a failure is a status"),
    ],
)
def test_what_is_none_gets_a_clear_error(value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ADAPTER.validate_python([value])


@pytest.mark.parametrize("rest", [30, "30", "0s", None])
def test_a_rest_is_a_time(rest: object) -> None:
    with pytest.raises(ValidationError, match="write a time"):
        BreakerEntry(rest=rest)
