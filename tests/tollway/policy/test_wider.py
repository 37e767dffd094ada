"""Whether one `match` means all calls that another one means."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.wider import is_wider


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("{}", "{team: a}"),
        ("{team: [a, b]}", "{team: a, model: x}"),
        ("{model: 'GPT-*'}", "{model: gpt-5}"),
        ("{team: {not: a}}", "{team: {not: a}, user: u}"),
    ],
)
def test_one_with_fewer_conditions_or_wider_ones_does(wide: str, narrow: str) -> None:
    first, second = policy(f"record: [{{match: {wide}}}, {{match: {narrow}}}]").record

    assert is_wider(first.match, second.match)
    assert not is_wider(second.match, first.match) or wide == narrow


def test_what_is_not_certain_does_not() -> None:
    """`not a` may mean all of `b`: nobody says what else there is."""
    first, second = policy("record: [{match: {team: {not: a}}}, {match: {team: b}}]").record

    assert not is_wider(first.match, second.match)
