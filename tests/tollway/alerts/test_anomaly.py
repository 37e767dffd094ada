"""What is unusual; tests/tollway/test_lookout.py has a year of it."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.alert import Kind, document
from tollway.alerts.anomaly import (
    DAYS_OF_ALL,
    HOURS_OF_ALL,
    OWN_HOURS,
    Before,
    Unusual,
    Who,
    before,
    median,
    most,
    told,
    unusual,
    who,
)
from tollway.money import NANO

NOON = 1_795_521_600_000_000
ANN, BEN = Who("user", "ann"), Who("service", "ci")
USUAL = [NANO * n for n in (1, 2, 2, 2, 3, 3, 2, 1)]


def found(now: int, own: list[int], others: list[int], days: int = DAYS_OF_ALL) -> list[Who]:
    """Whose hour is unusual, of Ann's."""
    hours = Before(hours={ANN: own, BEN: others}, days=days)
    return [one.who for one in unusual({ANN: now}, hours, NOON)]


@pytest.mark.parametrize(
    ("user", "service", "client", "is_"),
    [
        ("ann", "ci", "10.0.0.1", ANN),
        (None, "ci", "10.0.0.1", BEN),
        ("", None, "10.0.0.1", Who("client", "10.0.0.1")),
        (None, None, None, None),
    ],
)
def test_a_call_is_its_users_else_its_services_else_its_addresss(
    user: str | None, service: str | None, client: str | None, is_: Who | None
) -> None:
    assert who(user, service, client) == is_


def test_far_from_ones_own_and_everybodys_is_unusual() -> None:
    assert found(20 * NANO, USUAL, USUAL * 3) == [ANN]


def test_what_others_spend_is_usual() -> None:
    assert found(20 * NANO, USUAL, [NANO * n for n in (15, 20, 25)] * 20) == []


def test_who_always_spends_much_is_usual() -> None:
    assert found(20 * NANO, [18 * NANO, 22 * NANO] * 5, USUAL * 10) == []


def test_who_is_new_is_compared_with_everybody() -> None:
    new = USUAL[: OWN_HOURS - 1]

    assert found(20 * NANO, [], USUAL * 3) == found(20 * NANO, new, USUAL * 3) == [ANN]
    assert found(6 * NANO, [], USUAL * 3) == []


def test_cents_are_not_told() -> None:
    """A hundred times the usual."""
    cents = [NANO // 100] * 30

    assert found(NANO, cents, cents) == []
    assert found(5 * NANO - 1, cents, cents) == []
    assert found(5 * NANO, cents, cents) == [ANN]


def test_as_long_as_little_is_known_nothing_is_told() -> None:
    assert found(100 * NANO, [], [NANO] * (HOURS_OF_ALL - 1)) == []
    assert found(100 * NANO, [], [NANO] * HOURS_OF_ALL) == [ANN]
    assert found(100 * NANO, [], [NANO] * 100, DAYS_OF_ALL - 1) == []


def test_a_few_dear_hours_do_not_make_others_usual() -> None:
    """A third of them cost a hundred times as much; means and deviations would have grown with them."""
    own = [2 * NANO] * 20 + [200 * NANO] * 9

    assert found(20 * NANO, own, USUAL * 5) == [ANN]


def test_the_dearest_comes_first() -> None:
    hours = Before(hours={BEN: [NANO] * 30}, days=20)
    now = {ANN: 20 * NANO, BEN: 30 * NANO, Who("client", "x"): 20 * NANO, Who("user", "bob"): 9}

    assert [one.who for one in unusual(now, hours, NOON)] == [BEN, Who("client", "x"), ANN]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=50))
def test_the_median_is_that_of_the_library_and_half_is_never_unusual(values: list[int]) -> None:
    assert abs(median(values) - statistics.median(values)) < 1
    assert sum(value <= most(values) for value in values) * 2 >= len(values)


def test_of_nothing_the_median_is_nothing() -> None:
    assert median([]) == most([]) == 0


def test_hours_count_in_which_something_was_spent() -> None:
    days = [{(ANN, 1): 5, (ANN, 2): 0, (BEN, 1): 7}, {(ANN, 9): 0}, {}, {(ANN, 3): 6}]

    assert before(days) == Before(hours={ANN: [5, 6], BEN: [7]}, days=2)


@pytest.mark.parametrize(("own", "said"), [(2 * NANO, "they usually spend 2 USD"), (None, "they are new")])
def test_it_says_how_much_and_what_is_usual(own: int | None, said: str) -> None:
    hour = Unusual(
        who=Who("user", "ann\n<!channel>"), hour_us=NOON, nano=42_509_999_999, own_nano=own,
        everybodys_nano=3 * NANO,
    )  # fmt: skip

    news = told(hour, NOON + 1)

    assert news.again_after_us == 86_400_000_000
    assert news.alert.kind is Kind.ANOMALY
    assert news.alert.text == (
        "user ann?<!channel> has spent 42.5 USD in the hour from 2026-11-24T12:00:00Z: at such times "
        f"{said}, and everybody's hours cost 3 USD"
    )
    fields = document(news.alert)
    assert (fields["user"], fields["service"], fields["client"]) == ("ann\n<!channel>", None, None)
    assert (fields["hour"], fields["cost_usd"]) == ("2026-11-24T12:00:00Z", "42.509999999")
    assert (fields["usual_usd"], fields["everybodys_usd"]) == ("2" if own else None, "3")
