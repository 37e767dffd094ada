"""Names as labels."""

import pytest

from tollway.observe.names import LONGEST, OTHER, Names


def test_the_first_so_many_names_have_a_value_and_keep_it() -> None:
    names = Names(most=2)

    assert [names.label("p", name) for name in ("a", "b", "c", "a")] == ["a", "b", OTHER, "a"]


def test_the_same_name_elsewhere_is_another() -> None:
    names = Names(most=1)

    assert [names.label("p", "a"), names.label("q", "a")] == ["a", OTHER]


def test_a_name_that_only_its_caller_knows_has_no_value_before_somebody_else_says_it() -> None:
    names = Names()

    found = [names.label("p", "a", sound=sound) for sound in (False, True, False)]

    assert found == [OTHER, "a", "a"]


@pytest.mark.parametrize("name", ["", "x" * (LONGEST + 1), "a\nb", "a\x1b[31m", "\ud800"])
def test_what_is_no_name_has_no_value(name: str) -> None:
    assert Names().label("p", name) == OTHER


def test_a_million_names_are_no_more_than_the_first_of_them() -> None:
    names = Names(most=10)

    found = {names.label("p", f"made-up-{number}") for number in range(100_000)}

    assert len(found) == 11
