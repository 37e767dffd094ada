"""What the tour of guardrails plays."""

import json

import pytest

from tests.simulator.overrides import override
from tests.simulator.scenario import DEFAULT
from tollway.demo.guardrails.stops import PIECE, agent, asking, going_on, pasting, pieces
from tollway.demo.stop import Stop
from tollway.identity.tags import parse_tags

MASK = "REDACTED_EMAIL_k3v7q2mfa6zd"
FIRST = asking("nora@there.net", "4929")
SECOND = going_on(FIRST, "The number.", MASK)


@pytest.mark.parametrize("stop", [agent("key"), FIRST, SECOND, pasting("word")], ids=lambda stop: stop.does)
def test_each_answer_is_one_that_the_simulator_can_give(stop: Stop) -> None:
    """As a stream; and each person a tag that a call can have."""
    override(DEFAULT, json.dumps(stop.answer))
    assert parse_tags(f"person={stop.person}") == {"person": stop.person}
    assert stop.body["stream"] is True


def test_an_agent_sends_what_it_read_as_a_tools_result() -> None:
    (result,) = agent("key").body["messages"][-1]["content"]

    assert result["type"] == "tool_result"
    assert "STRIPE_SECRET_KEY=key\n" in result["content"]


def test_the_second_turn_begins_with_the_first() -> None:
    """To the byte, up to the end of its message; the rest is the answer, and a question."""
    first, second = json.dumps(FIRST.body), json.dumps(SECOND.body)

    assert second.startswith(first.removesuffix("]}"))
    assert [one["role"] for one in SECOND.body["messages"]] == ["user", "assistant", "user"]


def test_its_answer_has_the_placeholder_in_pieces() -> None:
    """No event has all of it, and none is lost."""
    texts = SECOND.answer["texts"]

    assert MASK in "".join(texts)
    assert not any(MASK in text for text in texts)


def test_a_text_is_cut_into_pieces() -> None:
    assert pieces("x" * (2 * PIECE + 1)) == ("x" * PIECE, "x" * PIECE, "x")
    assert pieces("") == ()
