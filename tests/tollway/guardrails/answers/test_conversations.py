"""The outputs of Mistral's conversations go through filters, and come out as Mistral has them."""

from typing import Any

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

NAME = "mistral_conversations"
BEGIN = {"type": "conversation.response.started", "conversation_id": "c"}
END = {"type": "conversation.response.done", "usage": {}}


def said(output: int, content: Any) -> dict[str, Any]:
    return {"type": "message.output.delta", "output_index": output, "id": f"m{output}", "content": content}


def thought(text: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}


def called(arguments: str, kind: str = "function.call.delta") -> dict[str, Any]:
    return {"type": kind, "output_index": 2, "id": "f", "name": "get", "arguments": arguments}


def test_what_was_held_back_comes_before_the_next_output() -> None:
    """Or the next kind of text; contents may be texts or parts."""
    heard = Heard()
    body = sse(
        BEGIN,
        said(0, thought("te")),
        said(0, {"type": "text", "text": "se"}),
        said(0, "s"),
        said(1, "xx"),
        called("{"),
        called("}"),
        END,
        named=True,
    )

    assert through(NAME, SSE, [body], holding(Heard())) == body
    out = through(NAME, SSE, [body], holding(heard, (9,), True))

    assert out == sse(
        BEGIN,
        said(0, thought("")),
        said(0, thought(changed("te"))),
        said(0, {"type": "text", "text": ""}),
        said(0, ""),
        said(0, changed("ses")),
        said(1, ""),
        said(1, "xx"),
        called(""),
        called(""),
        called("{}"),
        END,
        named=True,
    )
    assert [(c.what, c.tool, c.json, text) for c, text in heard.fed.items()] == [
        (What.THINKING, None, False, "te"),
        (What.TEXT, None, False, "ses"),
        (What.TEXT, None, False, "xx"),
        (What.ARGUMENTS, "get", True, "{}"),
    ]


def test_an_answer_ends_with_an_error() -> None:
    """There is no reason to tell."""
    out = messages(through(NAME, SSE, [sse(said(0, "a bad"), said(0, "x"), END)], stopping("bad")))

    assert out == [
        said(0, "a "),
        {"type": "conversation.response.error", "message": "The answer was stopped.", "code": 403},
    ]


def test_an_answer_may_end_with_what_was_held_back() -> None:
    """The event that ends it passes."""
    out = messages(through(NAME, SSE, [sse(said(0, "a"), END)], at_end))

    assert out == [said(0, ""), said(0, "a"), END]


def test_a_whole_answer_is_changed_in_place() -> None:
    """Byte for byte around what changes."""
    outputs = [
        {"type": "tool.execution", "name": "web_search", "arguments": '{"q":"o"}'},
        {"type": "message.output", "content": "se"},
        {"type": "message.output", "content": [{"type": "text", "text": "te"}, {"thinking": [{}]}]},
        {"type": "function.call", "name": "get", "arguments": {"a": "s"}},
    ]
    body = dumps({"object": "conversation.response", "outputs": outputs})

    out = whole_through(NAME, body, holding(Heard(), (9,), True))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    assert out == expected.replace(b'"s"', b'"\\n"').replace(b'\\"o\\"', b'\\"\\\\\\"')
    assert told([dumps_read(whole_through(NAME, body, stopping("s")))], "outputs", 1, "content") == [""]


def dumps_read(body: bytes) -> Any:
    (message,) = messages(b"data: " + body + b"\n\n")
    return message
