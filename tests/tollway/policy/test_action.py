"""Actions of a limit as they are written."""

from typing import Any

import pytest

from tollway.policy.action import Actions, parse, written
from tollway.policy.limit import Action, Block, Clamp, Route, Wait
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with actions."""

    then: Actions


def read(*actions: Any) -> tuple[Action, ...]:
    """The actions of a list."""
    return Section.model_validate({"then": list(actions)}).then


@pytest.mark.parametrize(
    ("value", "action"),
    [
        ("clamp", Clamp()),
        ("block", Block()),
        ("wait 500ms", Wait(500_000)),
        ("wait 3s", Wait(3_000_000)),
        ("wait 2m", Wait(120_000_000)),
        ({"route": "economy"}, Route("economy")),
    ],
)
def test_actions_are_read_and_written(value: Any, action: Action) -> None:
    """There are four."""
    assert parse(value) == action
    assert written(action) == value
    assert parse(action) is action


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("shrink", r"an action is clamp, wait 3s, \{route: NAME\} or block"),
        (3, "an action is clamp"),
        ({"rout": "economy"}, "an action is clamp"),
        ({"route": "economy", "wait": 3}, "an action is clamp"),
        ({"route": 3}, r"a route is known by its name, as \{route: economy\}"),
        ({"route": "a b"}, "a route is known by its name"),
        ("wait", "write how long to wait as wait 3s, wait 500ms or wait 2m, not 'wait'"),
        ("wait 3", "write how long to wait"),
        ("wait 3h", "write how long to wait"),
        ("wait 0s", "a call waits for 1ms to 60m, not 0s"),
        ("wait 61m", "a call waits for 1ms to 60m, not 61m"),
    ],
)
def test_what_is_no_action_says_why(value: Any, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said):
        parse(value)


def test_the_refusal_is_always_last() -> None:
    """It is added where it is not said; what follows it is left out."""
    assert read() == (Block(),)
    assert read("clamp") == (Clamp(), Block())
    assert read("clamp", "block") == (Clamp(), Block())
    assert read("block", "clamp") == (Block(),)


def test_actions_are_shown_as_they_were_written() -> None:
    """In a policy's dump, and so in its JSON Schema's default."""
    section = Section(then=(Clamp(), Wait(3_000_000), Route("economy")))

    assert section.model_dump() == {"then": ["clamp", "wait 3s", {"route": "economy"}, "block"]}
