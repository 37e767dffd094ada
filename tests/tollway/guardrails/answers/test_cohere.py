"""Cohere's texts go through filters, and come out as Cohere has them."""

from typing import Any

import pytest

from tests.tollway.guardrails.answers.filtering import Heard, holding, stopping, through, whole_through
from tests.tollway.guardrails.answers.streams import (
    NDJSON,
    SSE,
    dumps,
    lines,
    messages,
    read_lines,
    sse,
    told,
)
from tollway.guardrails.answers import What


def event(kind: str, index: int = 0, **message: Any) -> dict[str, Any]:
    return {"type": kind, "index": index, "delta": {"message": message}}


def text(index: int, *pieces: str, field: str = "text") -> list[dict[str, Any]]:
    said = [event("content-delta", index, content={field: piece}) for piece in pieces]
    return [
        event("content-start", index, content={"type": field, field: ""}),
        *said,
        {"type": "content-end", "index": index},
    ]


def call(kind: str, arguments: str, **more: Any) -> dict[str, Any]:
    return event(kind, 0, tool_calls={"function": {"arguments": arguments, **more}})


START = {"type": "message-start", "id": "x", "delta": {"message": {"role": "assistant"}}}
END = {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {}}}


def stream(*events: dict[str, Any]) -> bytes:
    return sse(START, *events, END, named=True)


def test_texts_are_what_is_said_thought_planned_and_called() -> None:
    """Each content by itself."""
    heard = Heard()
    body = stream(
        *text(0, "h", "m", field="thinking"),
        *text(1, "on", "e"),
        event("tool-plan-delta", tool_plan="I "),
        event("tool-plan-delta", tool_plan="will"),
        call("tool-call-start", "", name="get"),
        call("tool-call-delta", '{"a"'),
        call("tool-call-delta", ":1}"),
        {"type": "tool-call-end", "index": 0},
    )

    assert through("cohere_chat", SSE, [body], holding(heard)) == body
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "hm"),
        (What.TEXT, None, False, "one"),
        (What.THINKING, None, False, "I will"),
        (What.ARGUMENTS, "get", True, '{"a":1}'),
    ]


def test_what_was_held_back_comes_before_its_content_ends() -> None:
    """As one more event of its kind, with its name."""
    body = stream(
        *text(0, "te", field="thinking"),
        event("tool-plan-delta", tool_plan="se"),
        call("tool-call-start", "", name="get"),
        call("tool-call-delta", "{}"),
        {"type": "tool-call-end", "index": 0},
        event("content-delta", 3, content={"text": "to"}),
    )

    out = through("cohere_chat", SSE, [body], holding(Heard(), (9,)))

    assert out == stream(
        *text(0, "", "te", field="thinking"),
        event("tool-plan-delta", tool_plan=""),
        event("tool-plan-delta", tool_plan="se"),
        call("tool-call-start", "", name="get"),
        call("tool-call-delta", ""),
        call("tool-call-delta", "{}"),
        {"type": "tool-call-end", "index": 0},
        event("content-delta", 3, content={"text": ""}),
        event("content-delta", 3, content={"text": "to"}),
    )


@pytest.mark.parametrize("opened", [True, False])
def test_an_answer_ends_with_an_error_for_its_reason(opened: bool) -> None:
    """There is no other one in its second version; an open content ends first."""
    said = text(2, "a bad", "x")[0 if opened else 1 :]

    out = messages(through("cohere_chat", SSE, [sse(START, *said)], stopping("bad")))

    ends = [{"type": "content-end", "index": 2}] if opened else []
    assert out[-1 - len(ends) :] == [*ends, {"type": "message-end", "delta": {"finish_reason": "ERROR"}}]
    assert told(out, "delta", "message", "content", "text")[-1] == "a "


def test_tokens_of_what_changed_are_left_out() -> None:
    """They tell it once more."""
    said = event("content-delta", content={"text": "se"}) | {"logprobs": {"text": "se", "token_ids": [1]}}

    (out,) = messages(through("cohere_chat", SSE, [sse(said)], holding(Heard(), (0,), True)))

    assert out["logprobs"] is None


def test_a_whole_answer_is_changed_in_place() -> None:
    """Byte for byte around what changes."""
    heard = Heard()
    message = {
        "tool_plan": "o",
        "content": [{"type": "thinking", "thinking": "te"}, {"type": "text", "text": "se"}],
        "tool_calls": [{"function": {"name": "get", "arguments": '{"a":1}'}}],
    }
    body = dumps({"id": "x", "message": message, "finish_reason": "COMPLETE"})

    out = whole_through("cohere_chat", body, holding(heard, (9,), True))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    expected = expected.replace(b'"o"', b'"\\\\"').replace(b'"{\\"a\\":1}"', '"{\\"ä\\":<1>}"'.encode())
    assert out == expected
    assert [(c.what, c.json) for c in heard.ends].count((What.ARGUMENTS, True)) == 1
    assert b'"finish_reason":"ERROR"' in whole_through("cohere_chat", body, stopping("se"))


def first(kind: str, **more: Any) -> dict[str, Any]:
    return {"is_finished": kind == "stream-end", "event_type": kind, **more}


def test_the_first_version_says_its_text_twice() -> None:
    """What comes as a whole is what came piece by piece."""
    heard = Heard()
    history = [{"role": "USER", "message": "q"}, {"role": "CHATBOT", "message": "sesam"}]
    call = {"name": "get", "parameters": {"a": "o"}}
    body = lines(
        first("stream-start", generation_id="g"),
        first("tool-calls-chunk", text="I will"),
        first("tool-calls-chunk", tool_call_delta={"index": 0, "name": "get"}),
        first("tool-calls-chunk", tool_call_delta={"index": 0, "parameters": '{"a'}),
        first("tool-calls-generation", tool_calls=[call]),
        first("text-generation", text="se"),
        first("text-generation", text="sam"),
        first("citation-generation", citations=[]),
        first("stream-end", response={"text": "sesam", "tool_calls": [call], "chat_history": history}),
    )

    out = read_lines(through("cohere_chat", NDJSON, [body], holding(heard, (2,), True)))

    assert [(c.what, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, False, "I will"),
        (What.ARGUMENTS, True, '{"a'),
        (What.ARGUMENTS, False, "o"),
        (What.TEXT, False, "sesam"),
        (What.TEXT, False, "q"),
        (What.TEXT, False, "sesam"),
    ]
    assert told(out, "text") == ["I wi", "ll", "", '\n"\n', "äm"]
    assert told(out, "tool_call_delta", "parameters") == ["{", '"ä']
    assert out[-1]["response"] == {
        "text": '\n"\näm',
        "tool_calls": [{"name": "get", "parameters": {"a": "\\"}}],
        "chat_history": [{"role": "USER", "message": "q"}, {"role": "CHATBOT", "message": '\n"\näm'}],
    }


def test_the_first_version_has_a_reason_for_its_end() -> None:
    """It is told with the whole response."""
    said = first("text-generation", text="bad")
    last = first(
        "stream-end", finish_reason="COMPLETE", response={"text": "bad", "finish_reason": "COMPLETE"}
    )

    streamed = read_lines(through("cohere_chat", NDJSON, [lines(said, last)], stopping("bad")))
    at_last = read_lines(through("cohere_chat", NDJSON, [lines(last)], stopping("bad")))

    end = {"finish_reason": "ERROR_TOXIC", "response": {"text": "", "finish_reason": "ERROR_TOXIC"}}
    assert streamed == [said | {"text": ""}, first("stream-end", **end)]
    assert at_last == [first("stream-end", **end)]


def test_generations_are_texts() -> None:
    """Of the format before chat."""
    body = dumps({"generations": [{"text": "se"}, {"text": "te"}, {}]})

    out = whole_through("cohere_chat", body, holding(Heard(), (9,), True))

    assert out == '{"generations":[{"text":"\\n\\""},{"text":"😀\\""},{}]}'.encode()


@pytest.mark.parametrize(
    "message",
    [
        {"type": "content-delta", "index": "x", "delta": {"message": {"content": "y", "tool_calls": [1]}}},
        {"event_type": "text-generation", "text": 5},
        {"event_type": "tool-calls-chunk", "tool_call_delta": 5},
        {"message": {"content": "x", "tool_calls": [{}]}, "chat_history": [{}]},
    ],
)
def test_what_is_of_another_type_says_nothing(message: dict[str, Any]) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("cohere_chat", NDJSON, [lines(message)], holding(heard)) == lines(message)
    assert heard.fed == {}
