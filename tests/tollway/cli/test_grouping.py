"""Attributes, with commas between."""

import click
import pytest

from tollway.cli.grouping import grouping
from tollway.ledger.attributes import check

OPTION = click.Option(["--by"])


def read(value: str) -> tuple[str, ...]:
    """What the option makes of it."""
    return grouping(check)(click.Context(click.Command("report")), OPTION, value)


def test_white_space_does_not_count_and_nothing_is_no_attribute() -> None:
    assert read("day, user ,tag.project") == ("day", "user", "tag.project")
    assert read(" ") == ()


def test_one_that_is_not_known_is_said() -> None:
    with pytest.raises(click.BadParameter, match="colour"):
        read("user,colour")
