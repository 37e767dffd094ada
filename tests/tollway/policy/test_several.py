"""One value, or a list."""

from typing import Any

import pytest

from tollway.policy.several import one_or_several


@pytest.mark.parametrize(
    ("said", "meant"), [("a", ["a"]), ({"re2": "a"}, {"re2": "a"}), (["a", "b"], ["a", "b"]), (3, 3)]
)
def test_one_value_is_a_list_of_it(said: Any, meant: Any) -> None:
    """What is neither is as it was: the list's own check says so."""
    assert one_or_several(said) == meant
