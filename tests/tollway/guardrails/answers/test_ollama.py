"""Ollama's lines go through filters, and come out as Ollama has them."""

from typing import Any

import pytest

from tests.tollway.guardrails.answers.filtering import (
    Heard,
    at_end,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import NDJSON, dumps, lines, read_lines, told
from tollway.guardrails.answers import What

HEAD = {"model": "m", "created_at": "2026-11-18T11:06:40Z"}
CALL = {"function": {"name": "get", "arguments": {"a": "o", "n": 1}}}
LAST = {
    **HEAD,
    "message": {"role": "assistant", "content": ""},
    "done": True,
    "done_reason": "stop",
    "eval_count": 2,
}


def line(**said: Any) -> dict[str, Any]:
    return {**HEAD, "message": {"role": "assistant", "content": "", **said}, "done": False}


def test_lines_are_thoughts_texts_and_calls() -> None:
    """A call comes whole, and each string that it is given is a text."""
    heard = Heard()
    body = lines(
        line(thinking="h"),
        line(thinking="m"),
        line(content="on"),
        line(content="e"),
        line(tool_calls=[CALL]),
        LAST,
    )

    assert through("ollama", NDJSON, [body], holding(heard)) == body
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "hm"),
        (What.TEXT, None, False, "one"),
        (What.ARGUMENTS, "get", False, "o"),
    ]


def test_what_was_held_back_comes_in_a_line_of_its_own() -> None:
    """Before what is of another kind, and before the last line."""
    body = lines(line(thinking="te"), line(content="se"), line(tool_calls=[CALL]), line(content="xx"), LAST)

    out = read_lines(through("ollama", NDJSON, [body], holding(Heard(), (9,))))

    assert out == [
        line(thinking=""), line(thinking="te"), line(), line(content="se"), line(tool_calls=[CALL]),
        line(content=""), line(content="xx"), LAST,
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["response", "thinking"])
def test_generate_says_its_text_without_a_message(field: str) -> None:
    """What is put between does so, too."""
    body = lines({**HEAD, "response": "", field: "se", "done": False}, {**HEAD, "response": "", "done": True})

    out = read_lines(through("ollama", NDJSON, [body], holding(Heard(), (9,))))

    assert out[1] == {**HEAD, "done": False, "response": "", field: "se"}
    assert out[0][field] == ""


def test_an_answer_ends_with_a_last_line() -> None:
    """Without counts, which only Ollama knows."""
    chat = through("ollama", NDJSON, [lines(line(content="a bad"), line(content="x"))], stopping("bad"))
    generate = through(
        "ollama", NDJSON, [lines({**HEAD, "response": "a bad", "done": False})], stopping("bad")
    )

    end = {"done": True, "done_reason": "content_filter"}
    assert read_lines(chat) == [line(content="a "), line(content="") | end]
    assert read_lines(generate)[1] == {**HEAD, "response": "", **end}


def test_an_answer_may_end_with_what_was_held_back() -> None:
    """The last line tells of it."""
    out = read_lines(through("ollama", NDJSON, [lines(line(content="a"), LAST)], at_end))

    assert told(out, "message", "content") == ["", "a", ""]
    assert out[-1] == LAST | {"done_reason": "content_filter"}


def test_an_error_comes_behind_what_was_held_back() -> None:
    """Nothing is lost of what was said before it."""
    out = read_lines(
        through("ollama", NDJSON, [lines(line(content="se"), {"error": "x"})], holding(Heard(), (9,)))
    )

    assert out == [line(content=""), line(content="se"), {"error": "x"}]


def test_a_whole_answer_is_changed_in_place() -> None:
    """Byte for byte around what changes."""
    body = dumps(LAST | {"message": {"content": "se", "thinking": "te", "tool_calls": [CALL]}})

    out = whole_through("ollama", body, holding(Heard(), (9,), True))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    assert out == expected.replace(b'"o"', b'"\\\\"')


def test_a_whole_answer_that_is_stopped_says_so() -> None:
    """In its reason."""
    body = dumps(LAST | {"message": {"content": "a bad"}})

    out = whole_through("ollama", body, stopping("bad"))

    assert out == body.replace(b" bad", b" ").replace(b'"stop"', b'"content_filter"')
