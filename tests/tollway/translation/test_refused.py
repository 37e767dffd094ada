"""What is refused says where it stands."""

from collections.abc import Callable

import pytest

from tollway.translation.refused import Refused, a_list, a_string, an_object, check_members


def test_null_says_nothing() -> None:
    check_members("x.", {"a": 1, "b": None}, ("a",))
    assert a_list("x", None) == []


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        (an_object, [], "x: it is no object"),
        (a_string, 5, "x: it is no text"),
        (a_list, {}, "x: it is no list"),
    ],
)
def test_wrong_types_are_refused(check: Callable[[str, object], object], value: object, says: str) -> None:
    with pytest.raises(Refused, match=says):
        check("x", value)
