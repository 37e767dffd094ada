"""The entries of `rates` as calls meet them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.policy.written import policy
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Enforce
from tollway.policy.compiled_rate import compiled_rate
from tollway.policy.limit import Limit


def rate(entry: str) -> tuple[Limit, ...]:
    """What an entry, without its name, comes to."""
    (found,) = policy(f"rates: [{{name: a, {entry}}}]").rates
    return compiled_rate(found)


def test_a_rate_of_a_window_has_slots() -> None:
    (found,) = rate("allow: 60 requests / minute, per: [user, team]")

    assert (found.name, found.unit, found.amount, found.per) == ("a", Unit.REQUESTS, 60, ("team", "user"))
    assert (found.window.rolling_us, found.window.unit, found.slot_us) == (60_000_000, None, 1_000_000)
    assert found.is_rate
    assert found.enforce is Enforce.HARD
    assert not found.is_hard


def test_calls_at_once_have_no_window() -> None:
    (found,) = rate("allow: 8 at once")

    assert (found.amount, found.window.rolling_us, found.slot_us, found.is_rate) == (8, None, 0, True)


def test_a_burst_is_the_rate_in_its_part_of_the_window() -> None:
    """At 60 a minute, five are a twelfth of it."""
    whole, burst = rate("allow: 60 requests / minute, burst: 5")

    assert (whole.amount, whole.window.rolling_us) == (60, 60_000_000)
    assert (burst.amount, burst.window.rolling_us) == (5, 5_000_000)
    assert whole.key != burst.key
    assert len(rate("allow: 60 requests / minute, burst: 60")) == 1


@given(st.integers(1, 10**6), st.data())
def test_a_burst_is_never_more_than_its_part(number: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, number))
    *_, burst = rate(f"allow: {number} requests / minute, burst: {part}")

    assert burst.window.rolling_us is not None
    assert part * 60_000_000 <= burst.window.rolling_us * number


def test_how_much_is_allowed_may_be_edited_and_is_the_same_rate() -> None:
    """Anything else is another one, which has counted nothing; so is a limit that says the same."""
    plain = rate("allow: 60 requests / minute")[0].key
    others = [
        "allow: 60 requests / hour",
        "allow: 60 tokens / minute",
        "allow: 60 at once",
        "allow: 60 requests / minute, per: user",
        "allow: 60 requests / minute, match: {model: x}",
    ]

    assert rate("allow: 70 requests / minute, then: [block]")[0].key == plain
    assert len({plain, *(rate(other)[0].key for other in others)}) == 6


def test_order_and_case_of_what_is_matched_play_no_part() -> None:
    one = rate("allow: 8 at once, match: {model: [x, Y], provider: {not: [a, b]}}")
    other = rate("allow: 8 at once, match: {provider: {not: [b, a]}, model: [y, x]}")

    assert one[0].key == other[0].key
