"""One access rule; test_rules.py has what several make of a call."""

from typing import Any

import pytest

from tollway.access.rule import Rule
from tollway.access.seen import Seen, Unread
from tollway.policy.access import AccessEntry

CHAT = Seen({"provider": "openai", "operation": "chat"}, Unread.UNKNOWN)


def rule(place: int = 0, **said: Any) -> Rule:
    return Rule(place, AccessEntry.model_validate(said))


@pytest.mark.parametrize(
    ("match", "surely", "possibly"),
    [
        ({}, True, True),
        ({"provider": "openai"}, True, True),
        ({"model": "gpt-5"}, False, True),
        ({"provider": "azure"}, False, False),
        ({"model": "gpt-5", "provider": "azure"}, False, False),
    ],
)
def test_a_deny_counts_if_it_may_mean_a_call_and_an_allow_if_it_does(
    match: dict[str, str], surely: bool, possibly: bool
) -> None:
    assert rule(deny=match).means(CHAT) == possibly
    assert rule(allow=match).means(CHAT) == surely
    assert (rule(deny=match).means_surely(CHAT), rule(allow=match).may_mean(CHAT)) == (surely, possibly)


def test_what_is_spared_for_certain_is_not_denied_and_what_may_be_spared_is_not_allowed() -> None:
    assert rule(deny={}, unless={"model": "gpt-5"}).means(CHAT)
    assert not rule(allow={}, unless={"model": "gpt-5"}).means(CHAT)
    assert not rule(deny={}, unless={"provider": "openai"}).means(CHAT)
    assert rule(allow={}, unless={"provider": "azure"}).means(CHAT)


def test_rules_are_sorted_by_name_and_then_by_what_they_say() -> None:
    said: list[dict[str, Any]] = [
        {"deny": {"model": ["b", "A"], "user": "x"}},
        {"deny": {"user": "x", "model": ["a", "b", "B"]}},
    ]
    one, other = (rule(i, **each) for i, each in enumerate(said))

    assert one.rank == other.rank
    assert (one.name, other.name) == ("access[0]", "access[1]")
    assert rule(name="z", deny={}).rank < one.rank
    assert rule(deny={}).rank != rule(allow={}).rank
