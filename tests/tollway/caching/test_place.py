"""Where a call's answer is looked for, and for how long it holds there."""

import pytest
from msgspec.structs import replace

from tests.tollway.caching.asked import CHAT, question
from tests.tollway.caching.kept import DAY_US, NOON_US, OFFER, PLACE, answer
from tollway.caching.canonical import TWICE
from tollway.caching.dialects import STORES
from tollway.caching.key import key
from tollway.caching.place import Place, place
from tollway.caching.wishes import NO_WISHES, SKIPPED, Wishes


def test_it_is_the_callers_within_its_scope() -> None:
    asked = place(question(), OFFER, Wishes(key="run 7"))

    assert asked == Place(key=bytes(key(question(), "user ann", "run 7")), offer=OFFER, ttl_us=DAY_US)  # type: ignore[arg-type]


@pytest.mark.parametrize(("asked_us", "ttl_us"), [(None, DAY_US), (1, 1), (DAY_US + 1, DAY_US)])
def test_a_caller_may_ask_for_less_time_and_not_for_more(asked_us: int | None, ttl_us: int) -> None:
    found = place(question(), OFFER, Wishes(ttl_us=asked_us))

    assert isinstance(found, Place)
    assert found.ttl_us == ttl_us


def test_what_the_rule_ignores_is_ignored() -> None:
    offer = replace(OFFER, rule=replace(OFFER.rule, ignored=(("seed",),)))

    assert place(question(CHAT | {"seed": 1}), offer, NO_WISHES) == place(question(), offer, NO_WISHES)


@pytest.mark.parametrize(
    ("call", "asks", "why"),
    [
        (question(), Wishes(why_not=SKIPPED), SKIPPED),
        (question(CHAT | {"store": True}), NO_WISHES, f"{STORES} (store)"),
        (question(b'{"model":"a","model":"a"}'), NO_WISHES, TWICE),
    ],
)
def test_what_is_not_cached_has_none(call: object, asks: Wishes, why: str) -> None:
    assert place(call, OFFER, asks) == why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made_us", "until_us", "holds"),
    [
        (NOON_US, NOON_US + 1, True),
        (NOON_US - DAY_US + 1, NOON_US + 1, True),
        (NOON_US - DAY_US, NOON_US + 1, False),  # the policy had a longer time then
        (NOON_US - 1, NOON_US, False),
        (NOON_US + 5, NOON_US + DAY_US, True),
    ],
)
def test_an_answer_holds_as_long_as_the_policy_says_now_and_said_then(
    made_us: int, until_us: int, holds: bool
) -> None:
    assert PLACE.holds(answer(made_us=made_us, until_us=until_us), NOON_US) is holds
