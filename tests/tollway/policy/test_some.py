"""A list has something in it."""

import pytest

from tollway.policy.some import some


def test_only_an_empty_list_is_refused() -> None:
    assert some((1, 2)) == (1, 2)
    with pytest.raises(ValueError, match="must not be empty"):
        some(())
