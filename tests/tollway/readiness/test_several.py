"""Several workers as one."""

from tollway.readiness.check import Check, Status, fail, is_ready, ok, warn
from tollway.readiness.several import merged

WELL = (ok("serving", "calls are taken"), ok("store", "can be written"))
BAD = (ok("serving", "calls are taken"), fail("store", "is full"))
ODD = (ok("serving", "calls are taken"), warn("store", "is odd"))


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_all_that_are_well_are_well() -> None:
    found = merged({1: WELL, 2: WELL}, 2)

    assert found == (ok("workers", "all 2 listen", listening=2, answering=2, asked=2), *WELL)


def test_one_that_is_not_there_is_odd_since_it_is_given_no_connection() -> None:
    found = merged({2: WELL}, 2)

    assert is_ready(found)
    assert by_name(found)["workers"].status is Status.WARN
    assert by_name(found)["workers"].figures == {"listening": 1, "answering": 1, "asked": 2}


def test_one_that_stands_still_is_as_one_that_is_not_there() -> None:
    found = merged({1: None, 2: WELL}, 2)

    assert is_ready(found)
    assert by_name(found)["workers"].figures == {"listening": 2, "answering": 1, "asked": 2}


def test_none_that_answers_is_not_ready() -> None:
    for found in ({}, {1: None, 2: None}):
        checks = merged(found, 2)
        assert not is_ready(checks)
        assert checks[0].reason == "none of 2 answers"


def test_one_that_is_not_well_would_be_given_calls_and_so_none_are_sent() -> None:
    found = merged({1: WELL, 2: BAD, 3: ODD}, 3)

    assert not is_ready(found)
    assert by_name(found)["store"].reason == "worker 2: is full"


def test_what_ails_all_is_said_without_a_number() -> None:
    assert by_name(merged({1: BAD, 2: BAD}, 2))["store"].reason == "is full"
