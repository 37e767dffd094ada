"""Anthropic's blocks go through filters, each by itself, and come out as Anthropic has them."""

from typing import Any

import pytest

from tests.tollway.guardrails.answers.filtering import (
    Heard,
    at_end,
    changed,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import SSE, dumps, messages, sse, told
from tollway.guardrails.answers import What

START = {
    "type": "message_start",
    "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "stop_reason": None,
                "usage": {"input_tokens": 9, "output_tokens": 1}},
}  # fmt: skip
TOLD = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
    "usage": {"output_tokens": 5},
}
STOP = {"type": "message_stop"}


def start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, kind: str, **said: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **said}}


def stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def text(index: int, *pieces: str) -> list[dict[str, Any]]:
    said = [delta(index, "text_delta", text=piece) for piece in pieces]
    return [start(index, type="text", text=""), *said, stop(index)]


def stream(*events: dict[str, Any]) -> bytes:
    return sse(START, {"type": "ping"}, *events, TOLD, STOP, named=True)


def test_each_block_is_a_text() -> None:
    """What is said, thought, and given to tools; signatures are none."""
    heard = Heard()
    body = stream(
        start(0, type="thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking="h"),
        delta(0, "thinking_delta", thinking="m"),
        delta(0, "signature_delta", signature="c2ln"),
        stop(0),
        *text(1, "on", "e"),
        start(2, type="tool_use", id="t", name="get", input={}),
        delta(2, "input_json_delta", partial_json=""),
        delta(2, "input_json_delta", partial_json='{"a"'),
        delta(2, "input_json_delta", partial_json=":1}"),
        stop(2),
        *text(3, "two"),
    )

    assert through("anthropic_messages", SSE, [body], holding(heard)) == body
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "hm"),
        (What.TEXT, None, False, "one"),
        (What.ARGUMENTS, "get", True, '{"a":1}'),
        (What.TEXT, None, False, "two"),
    ]


def test_what_was_held_back_comes_before_its_block_stops() -> None:
    """As one more delta; of a thought before its signature."""
    body = stream(
        start(0, type="thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking="se"),
        delta(0, "signature_delta", signature="c2ln"),
        stop(0),
        *text(1, "te"),
        start(2, type="tool_use", id="t", name="get", input={}),
        delta(2, "input_json_delta", partial_json="{}"),
        stop(2),
    )

    out = through("anthropic_messages", SSE, [body], holding(Heard(), (9,), True))

    assert out == stream(
        start(0, type="thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking=""),
        delta(0, "thinking_delta", thinking=changed("se")),
        delta(0, "signature_delta", signature="c2ln"),
        stop(0),
        *text(1, "", changed("te")),
        start(2, type="tool_use", id="t", name="get", input={}),
        delta(2, "input_json_delta", partial_json=""),
        delta(2, "input_json_delta", partial_json="{}"),
        stop(2),
    )


def test_other_bytes_of_a_changed_event_stay() -> None:
    """The blanks that Anthropic pads with, for instance."""
    body = (
        b"event: content_block_delta\n"
        b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"se"}     }\n\n'
    )

    out = through("anthropic_messages", SSE, [body], holding(Heard(), (0,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""')


def test_an_answer_ends_as_one_that_is_refused() -> None:
    """The open block stops, the reason is told, the message stops."""
    out = through(
        "anthropic_messages", SSE, [stream(*text(0, "go", "od bad"), *text(1, "x"))], stopping("bad")
    )

    assert messages(out) == [
        START,
        {"type": "ping"},
        start(0, type="text", text=""),
        delta(0, "text_delta", text="go"),
        delta(0, "text_delta", text="od "),
        stop(0),
        {
            "type": "message_delta",
            "delta": {"stop_reason": "refusal", "stop_sequence": None},
            "usage": START["message"]["usage"],  # type: ignore[index]
        },
        STOP,
    ]
    assert out.endswith(b'event: message_stop\ndata: {"type":"message_stop"}\n\n')


def test_an_answer_may_end_with_its_block() -> None:
    """With what was held back until there."""
    out = messages(through("anthropic_messages", SSE, [stream(*text(0, "a"), *text(1, "b"))], at_end))

    assert told(out, "delta", "text") == ["", "a"]
    assert told(out, "type")[-3:] == ["content_block_stop", "message_delta", "message_stop"]


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([TOLD, STOP], [{**TOLD, "delta": {"stop_reason": "refusal", "stop_sequence": None}}, STOP]),
        ([STOP], [STOP]),
        ([{"type": "error", "error": {}}], [{"type": "error", "error": {}}]),
    ],
)
def test_an_answer_whose_block_never_stops_may_end_with_it(
    events: list[dict[str, Any]], end: list[dict[str, Any]]
) -> None:
    """Some servers leave a block open; each end is told once."""
    body = sse(START, start(0, type="text", text=""), delta(0, "text_delta", text="a"), *events)

    out = messages(through("anthropic_messages", SSE, [body], at_end))

    assert out[-len(end) :] == end
    assert out[-len(end) - 1] == delta(0, "text_delta", text="a")


def test_the_usage_may_be_unknown() -> None:
    """Readers want one all the same."""
    out = messages(through("anthropic_messages", SSE, [sse(*text(0, "bad"))], stopping("bad")))

    assert out[-2]["usage"] == {"output_tokens": 0}


def test_a_block_may_begin_with_all_of_it() -> None:
    """As compatible servers have it."""
    heard = Heard()
    body = sse(
        START, start(0, type="text", text="one"), stop(0),
        start(1, type="tool_use", id="t", name="get", input={"a": "x", "n": 1}), stop(1), TOLD, STOP,
    )  # fmt: skip

    out = messages(through("anthropic_messages", SSE, [body], holding(heard, (9,), True)))

    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.TEXT, None, False, "one"),
        (What.ARGUMENTS, "get", False, "x"),
    ]
    assert told(out, "delta", "text") == ['\\n"']


def test_what_a_tool_of_anthropic_s_said_is_a_text() -> None:
    """It comes in one piece, with codes that only Anthropic reads."""
    heard = Heard()
    found = {"type": "web_search_result", "title": "se", "encrypted_content": "xx"}
    body = sse(start(0, type="web_search_tool_result", tool_use_id="t", content=[found]), stop(0))

    (out, _) = messages(through("anthropic_messages", SSE, [body], holding(heard, (9,), True)))

    assert out["content_block"]["content"] == [found | {"title": changed("se")}]
    assert list(heard.fed.values()) == ["se"]


def test_a_whole_message_is_changed_in_place() -> None:
    """Its texts, thoughts, and each string that a tool is given."""
    heard = Heard()
    message = {
        "type": "message",
        "content": [
            {"type": "thinking", "thinking": "te", "signature": "c2ln"},
            {"type": "text", "text": "se"},
            {"type": "tool_use", "id": "t", "name": "get", "input": {"a": ["o", 1]}},
        ],
        "stop_reason": "tool_use",
    }
    body = dumps(message)

    out = whole_through("anthropic_messages", body, holding(heard, (9,), True))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    assert out == expected.replace(b'["o"', b'["\\\\"')
    assert len(heard.ends) == 3


def test_a_whole_message_that_is_stopped_says_so() -> None:
    """As one that is refused."""
    body = dumps(
        {"type": "message", "content": [{"type": "text", "text": "a bad"}], "stop_reason": "end_turn"}
    )

    out = whole_through("anthropic_messages", body, stopping("bad"))

    assert out == body.replace(b" bad", b" ").replace(b"end_turn", b"refusal")


def test_the_format_before_messages_has_one_text() -> None:
    """A completion, whose pieces are completions, too."""
    said = [{"type": "completion", "completion": piece, "stop_reason": None} for piece in ("one", " two")]
    last = {"type": "completion", "completion": "", "stop_reason": "stop_sequence"}

    out = messages(through("anthropic_messages", SSE, [sse(*said, last, named=True)], holding(Heard(), (4,))))

    assert told(out, "completion") == ["", "one", " two", ""]
    assert out[2] == {"type": "completion", "completion": " two", "stop_reason": None}


@pytest.mark.parametrize(
    "event",
    [
        {"type": ["x"], "content": "y"},
        {"type": "content_block_delta", "delta": {"type": {}, "text": "x"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 5}},
        {"type": "content_block_start", "content_block": "x"},
    ],
)
def test_what_is_of_another_type_says_nothing(event: dict[str, Any]) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("anthropic_messages", SSE, [sse(event)], holding(heard)) == sse(event)
    assert heard.fed == {}
