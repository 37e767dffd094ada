"""Words of the policy language that this version reads but does not keep yet."""

from typing import Annotated

import pytest

from tollway.policy.later import later
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with a value that comes later."""

    down: Annotated[str | None, later("local")] = None


@pytest.mark.parametrize("value", ["closed", None])
def test_values_of_this_version_are_taken(value: str | None) -> None:
    """As they are."""
    assert Section(down=value).down == value


def test_values_of_a_later_version_are_refused() -> None:
    """In silence they would mislead."""
    with pytest.raises(ValueError, match="local comes with a later release"):
        Section(down="local")
