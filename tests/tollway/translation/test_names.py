"""Names of tools and ids of calls that both sides take."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tollway.translation.names import LONGEST_NAME, call_id, lengthened, shortened, use_id

NAMES = st.from_regex(r"[a-zA-Z0-9_-]{1,128}", fullmatch=True)


@given(NAMES)
def test_a_name_is_short_enough_and_always_the_same(name: str) -> None:
    found = shortened(name)

    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", found)
    assert found == shortened(name)
    assert (found == name) is (len(name) <= LONGEST_NAME)


@given(st.lists(NAMES, unique=True))
def test_what_was_shortened_is_found_again(names: list[str]) -> None:
    long = lengthened([{"name": name} for name in names])

    assert [long.get(shortened(name), name) for name in names] == names


def test_what_has_no_name_is_none() -> None:
    assert lengthened([{}, "x", {"name": 5}]) == {}


@given(st.text(max_size=80))
def test_an_id_is_one_that_the_target_takes(id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{9}", call_id(id, nine=True))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", call_id(id, nine=False))


def test_an_id_that_will_do_stays() -> None:
    assert call_id("toolu_01A09q90qw90lq917835lq9", nine=False) == "toolu_01A09q90qw90lq917835lq9"
    assert call_id("D681PevKs", nine=True) == "D681PevKs"
    assert use_id("call_1", "c1", 0) == "call_1"


@given(st.one_of(st.none(), st.integers(), st.text(max_size=80)), st.integers(0, 99))
def test_the_id_of_a_use_is_one_that_anthropic_takes(id: object, index: int) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", use_id(id, "f" * 32, index))
