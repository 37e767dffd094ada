"""What Claude Code, Codex and Gemini CLI send with default settings is read, and can be bounded.

The shapes were recorded by scripts/record-agents: a first and a tenth turn, nine of which used tools.
"""

import orjson
import pytest

from tests.agents.recorded import NAMES, recorded
from tollway.bound.bound import Bound
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.model import Asked, Kind
from tollway.wire import DIALECTS

DIALECT = {"claude": "anthropic_messages", "codex": "openai_responses", "gemini": "gemini"}


def test_first_and_tenth_turns_of_all_three_are_there() -> None:
    """And the small model that Gemini CLI asks which model it should use."""
    turns = {f"{agent}-turn-{n}" for agent in DIALECT for n in (1, 10)}

    assert set(NAMES) == turns | {"gemini-beside"}
    assert {recorded(name).turn for name in turns} == {1, 10}


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_is_as_long_as_the_request_that_it_was_made_of(name: str) -> None:
    """Byte for byte: only words were replaced."""
    assert len(orjson.dumps(recorded(name).body)) == recorded(name).size


@pytest.mark.parametrize("name", NAMES)
def test_a_turn_is_recognised_and_read_by_its_dialect(name: str) -> None:
    """Host and path say what it is; the body says model and stream."""
    one = recorded(name)
    endpoint, asked = one.endpoint(), one.asked()

    assert (endpoint.kind, endpoint.subscription) == (Kind.INFERENCE, False)
    assert endpoint.dialect == DIALECT[name.partition("-")[0]]
    assert asked.model is not None
    assert asked.stream is (one.turn is not None)
    assert asked.reports_usage


def test_only_claude_code_sets_an_output_maximum() -> None:
    """64,000 tokens to say hello; the others leave it to the model."""
    maxima = {name: recorded(name).asked().max_output_tokens for name in NAMES}

    assert {name: maximum for name, maximum in maxima.items() if maximum is not None} == {
        "claude-turn-1": 64_000,
        "claude-turn-10": 64_000,
    }


def test_sessions_are_known_of_claude_code_and_codex() -> None:
    """The same in all turns of one run, from `metadata.user_id` and `prompt_cache_key`."""
    for agent in ("claude", "codex"):
        assert recorded(f"{agent}-turn-1").asked().session
        assert recorded(f"{agent}-turn-10").asked().session


def test_what_the_issue_asks_for_occurs() -> None:
    """Context management, adaptive thinking and betas; additional tools, namespaces and grammars."""
    claude, codex = recorded("claude-turn-10").body, recorded("codex-turn-10").body

    assert {"context_management", "output_config", "thinking"} <= set(claude)
    assert claude["thinking"] == {"type": "adaptive"}
    assert "context-management-2025-06-27" in recorded("claude-turn-10").headers["anthropic-beta"]
    assert "tool_reference" in orjson.dumps(claude).decode()
    (more,) = (item for item in codex["input"] if item["type"] == "additional_tools")
    assert {"namespace"} == {tool["type"] for tool in more["tools"]}
    assert {"custom", "function"} == {tool["type"] for space in more["tools"] for tool in space["tools"]}
    assert "max_output_tokens" not in codex
    assert "maxOutputTokens" not in recorded("gemini-turn-10").body["generationConfig"]


def bounded(name: str) -> tuple[Bound, Asked]:
    """The bound of a shape. Fails with the reason if it has none."""
    one = recorded(name)
    endpoint, asked = one.endpoint(), one.asked()
    found = bound_of(endpoint, asked, one.body, capacity_of(endpoint.provider, asked.model))
    assert isinstance(found, Bound), f"{name}: {found.reason}"
    return found, asked


def has_a_bound(name: str) -> None:
    """It reads no more than its bytes and a constant; what it writes is known, or can be clamped."""
    bound, asked = bounded(name)
    one = recorded(name)
    texts = sum(len(text.encode()) for text in DIALECTS[one.endpoint().dialect].texts(one.body))

    assert bound.usage.input_tokens is not None
    assert texts <= bound.usage.input_tokens <= one.size + 4_096
    assert bound.clamped(4_096).usage.output_tokens == 4_096
    if asked.max_output_tokens is not None:
        assert bound.max_output is not None
        assert bound.max_output <= asked.max_output_tokens


def test_claude_codes_first_turn_has_a_bound() -> None:
    has_a_bound("claude-turn-1")


def test_claude_codes_tenth_turn_has_a_bound() -> None:
    has_a_bound("claude-turn-10")


def test_codexs_first_turn_has_a_bound() -> None:
    has_a_bound("codex-turn-1")


def test_codexs_tenth_turn_has_a_bound() -> None:
    has_a_bound("codex-turn-10")


def test_gemini_clis_first_turn_has_a_bound() -> None:
    has_a_bound("gemini-turn-1")


def test_gemini_clis_tenth_turn_has_a_bound() -> None:
    has_a_bound("gemini-turn-10")


def test_the_question_that_gemini_cli_asks_before_a_turn_has_a_bound() -> None:
    has_a_bound("gemini-beside")
