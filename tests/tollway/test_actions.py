"""What a row says that was done to its call."""

import pytest

from tollway.actions import Action, Kind, actions, block_by, blocked_by, kinds, refusal


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, []),
        ("", []),
        ("clamp 4096", [(Kind.CLAMP, "4096")]),
        ("wait, clamp 3 tool calls, clamp 22621", [
            (Kind.WAIT, ""), (Kind.CLAMP, "3 tool calls"), (Kind.CLAMP, "22621"),
        ]),
        ("route smaller, block", [(Kind.ROUTE, "smaller"), (Kind.BLOCK, "")]),
        ("set temperature, top_p, clamp 9", [(Kind.SET, "temperature, top_p"), (Kind.CLAMP, "9")]),
        ("route r, after openai/a (429), groq/b (connect), set x", [
            (Kind.ROUTE, "r"), (Kind.AFTER, "openai/a (429), groq/b (connect)"), (Kind.SET, "x"),
        ]),
        ("route a skipped: no credential is known for groq, block", [(Kind.SKIPPED, "a"), (Kind.BLOCK, "")]),
        ("route a waits: openai/b would save less than it loses", [(Kind.POSTPONED, "a")]),
        ("stays where a route sent it: x, goes back", [
            (Kind.STAYS, "where a route sent it: x"), (Kind.BACK, "back"),
        ]),
        ("something new, wait", [(Kind.WAIT, "")]),
    ],
)  # fmt: skip
def test_each_thing_that_was_done_is_told_with_what_is_said_of_it(
    said: str | None, found: list[tuple[Kind, str]]
) -> None:
    assert [(action.kind, action.said) for action in actions(said)] == found


def test_a_route_is_known_by_its_name_from_whatever_level_on_it_is_taken() -> None:
    assert [action.route for action in actions("route economy at 80%, route at")] == ["economy", "at"]


def test_by_kind_the_last_of_each_is_told() -> None:
    assert list(kinds("route a, wait, route b").items()) == [(Kind.ROUTE, "b"), (Kind.WAIT, "")]
    assert kinds("clamp 5") == {"clamp": "5"}


def test_a_word_of_ours_is_no_word_of_a_row() -> None:
    """`skipped` and `postponed` are what a route came to, and stand behind its name."""
    assert actions("skipped, postponed") == ()
    assert actions("wait, skipped") == (Action(Kind.WAIT, ", skipped"),)


@pytest.mark.parametrize(
    ("status", "error", "said", "why"),
    [
        (200, None, None, None),
        (429, None, "block", None),
        (None, None, None, None),
        (None, "over_limit", "block", "over_limit"),
        (None, "abandoned", "wait", None),
        (None, "timeout", None, None),
        (None, "unreadable", None, None),
        (None, "unreadable", "block", "unreadable"),
    ],
)
def test_a_call_that_has_no_status_and_says_why_was_refused(
    status: int | None, error: str | None, said: str | None, why: str | None
) -> None:
    """Not one whose client left, whose provider's end is to blame, or which passed though nothing read it."""
    assert refusal(status, error, said) == why


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (None, None),
        ("route smaller", None),
        ("wait, block", None),
        ("block email", None),
        ("flag email, wait, block by team-month", "team-month"),
        (block_by("often"), "often"),
    ],
)
def test_the_limit_or_rate_that_refused_is_read_from_the_row(said: str | None, name: str | None) -> None:
    """A guardrail's refusal says what it found, an earlier release's nothing."""
    assert blocked_by(said) == name
