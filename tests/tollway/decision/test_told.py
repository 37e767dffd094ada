"""Where something leads a call, in words."""

import pytest

from tollway.decision.led import BreakerSeen, FailingSeen, Led
from tollway.decision.stop import Stop
from tollway.decision.told import brief, sent

A, B = Stop(target="groq/a"), Stop(target="groq/b", left_out=("temperature",))
SHUT = Stop(target="groq/c", why_not="it has tools, and c calls none")
BREAKER = BreakerSeen(failures=3, rest="30s")
RESTS = "after 3 failures in a row a target comes last for 30s"


def failing(*then: Stop, retries: int = 0, breaker: BreakerSeen | None = None) -> Led:
    found = FailingSeen(on=("5xx", "connect"), retries=retries, breaker=breaker, then=then)
    return Led(leads_to="openai/x", on_failure=found)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (Led(leads_to="openai/x"), []),
        (failing(), ["on 5xx, connect: nothing else is tried"]),
        (failing(SHUT, breaker=BREAKER), ["on 5xx, connect: nothing else is tried"]),
        (failing(retries=1, breaker=BREAKER), ["on 5xx, connect: tried once more"]),
        (failing(retries=3), ["on 5xx, connect: tried 3 times more"]),
        (
            failing(A, SHUT, B, breaker=BREAKER),
            ["on 5xx, connect: groq/a, then groq/b", RESTS, "groq/b leaves out temperature"],
        ),
        (failing(A, retries=1), ["on 5xx, connect: groq/a; each is tried once more before the next"]),
    ],
)
def test_what_follows_a_failure_is_a_line(found: Led, lines: list[str]) -> None:
    """What can't take the call is not in it."""
    assert list(sent(found)) == lines


def test_what_is_set_is_told_apart_from_what_is_left_out() -> None:
    found = Led(
        leads_to="openai/x",
        set={"temperature": 0.2, "seed": 7, "top_p": "drop", "verbosity": "low"},
        left_out=("temperature",),
        may_be_left_out=("seed",),
        not_as={"openai_responses": "set seed: openai_responses has none"},
    )

    assert list(sent(found)) == [
        "sets seed 7, no top_p, verbosity low",
        "leaves out temperature: the model takes none",
        "may leave out seed: that hangs on what else the request has",
        "not for calls in openai_responses, which lacks some of that",
    ]
    nothing = Led(set={"seed": 7}, left_out=("seed",))
    assert list(sent(nothing)) == ["sets nothing", "leaves out seed: the model takes none"]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Led(leads_to="openai/x"), "to openai/x"),
        (failing(SHUT), "to openai/x"),
        (failing(A, B), "to openai/x (else groq/a, else groq/b)"),
        (Led(leads_to="openai/x", set={"seed": 7}), "to openai/x (sets seed 7)"),
    ],
)
def test_in_short_it_is_where_it_leads_and_what_else(found: Led, text: str) -> None:
    assert brief(found) == text
