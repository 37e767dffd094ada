"""Percentages as they are written."""

from typing import Any

import pytest

from tollway.policy.percent import PercentText
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with a percentage."""

    at: PercentText


def test_a_percentage_is_a_whole_number() -> None:
    """80% is 80."""
    section = Section.model_validate({"at": "80%"})

    assert section.at == 80
    assert section.model_dump() == {"at": "80%"}


@pytest.mark.parametrize("value", [80, "80", "0.8", "80.5%", "-5%", "%", ""])
def test_what_is_no_percentage_says_so(value: Any) -> None:
    """A number alone may be a share of one."""
    with pytest.raises(ValueError, match="write a whole percentage, as 80%"):
        Section.model_validate({"at": value})


@pytest.mark.parametrize("value", ["0%", "1001%"])
def test_a_percentage_that_is_never_reached_says_so(value: str) -> None:
    """From 1 to 1000."""
    with pytest.raises(ValueError, match=f"an alert is sent at 1% to 1000%, not at {value}"):
        Section.model_validate({"at": value})
