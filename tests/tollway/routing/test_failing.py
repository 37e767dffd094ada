"""What counts as a failure hangs on what the rule says."""

import pytest

from tollway.routing.failing import Failing, Failure

FAILING = Failing(statuses=frozenset({429}), classes=frozenset({5}))


@pytest.mark.parametrize(
    ("failure", "meant"),
    [
        (Failure(status=429), True),
        (Failure(status=500), True),
        (Failure(status=529), True),
        (Failure(status=400), False),
        (Failure(status=404), False),
        (Failure(status=200), False),
        (Failure(), False),
        (Failure(late=True), True),
    ],
    ids=str,
)
def test_a_failure_is_one_that_the_rule_names(failure: Failure, meant: bool) -> None:
    """That a target is late is known only where the rule set a time."""
    assert FAILING.means(failure) is meant


def test_no_connection_counts_where_the_rule_says_so() -> None:
    assert Failing(connect=True).means(Failure())


def test_only_an_answer_that_is_an_error_costs_nothing_for_sure() -> None:
    assert Failure(status=500).is_free
    assert not Failure(late=True).is_free
    assert not Failure().is_free


def test_a_failure_is_told_in_a_word() -> None:
    assert [str(one) for one in (Failure(status=503), Failure(late=True), Failure())] == [
        "503", "timeout", "connect"
    ]  # fmt: skip
