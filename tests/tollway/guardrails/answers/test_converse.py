"""Converse's blocks go through filters, and come out as Bedrock has them."""

from typing import Any

import pytest

from tests.simulator.event_stream import event, exception
from tests.tollway.guardrails.answers.filtering import (
    Heard,
    at_end,
    changed,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import dumps
from tollway.guardrails.answers import What

MEDIA = "application/vnd.amazon.eventstream"


def delta(index: int, **said: Any) -> bytes:
    return event("contentBlockDelta", {"contentBlockIndex": index, "delta": said, "p": "abc"})


def more(index: int, **said: Any) -> bytes:
    """A delta that was put between."""
    return event("contentBlockDelta", {"contentBlockIndex": index, "delta": said})


def start(index: int, name: str) -> bytes:
    call = {"toolUse": {"name": name, "toolUseId": "t"}}
    return event("contentBlockStart", {"contentBlockIndex": index, "start": call})


def stop(index: int) -> bytes:
    return event("contentBlockStop", {"contentBlockIndex": index})


BEGIN = event("messageStart", {"role": "assistant"})
END = event("messageStop", {"stopReason": "end_turn"}) + event("metadata", {"usage": {}})


def test_what_was_held_back_comes_before_its_block_stops() -> None:
    """Of a thought before its signature; each block is a text."""
    heard = Heard()
    body = [
        BEGIN,
        delta(0, reasoningContent={"text": "te"}), delta(0, reasoningContent={"signature": "c2ln"}), stop(0),
        delta(1, text="se"), stop(1),
        start(2, "get"), delta(2, toolUse={"input": '{"a'}), delta(2, toolUse={"input": '":1}'}), stop(2),
        END,
    ]  # fmt: skip

    out = through("bedrock_converse", MEDIA, body, holding(heard, (9,), True))

    assert out == b"".join([
        BEGIN,
        delta(0, reasoningContent={"text": ""}), more(0, reasoningContent={"text": changed("te")}),
        delta(0, reasoningContent={"signature": "c2ln"}), stop(0),
        delta(1, text=""), more(1, text=changed("se")), stop(1),
        start(2, "get"), delta(2, toolUse={"input": ""}), delta(2, toolUse={"input": ""}),
        more(2, toolUse={"input": changed('{"a":1}')}), stop(2),
        END,
    ])  # fmt: skip
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "te"),
        (What.TEXT, None, False, "se"),
        (What.ARGUMENTS, "get", True, '{"a":1}'),
    ]
    assert through("bedrock_converse", MEDIA, body, holding(Heard())) == b"".join(body)


@pytest.mark.parametrize("end", [exception("modelStreamErrorException", "x"), b"", END])
def test_what_was_held_back_comes_though_no_block_stops(end: bytes) -> None:
    """Before an error, the end, or where the stream breaks off."""
    out = through("bedrock_converse", MEDIA, [delta(0, text="se"), end], holding(Heard(), (9,)))

    assert out == delta(0, text="") + more(0, text="se") + end


def test_an_answer_ends_as_at_a_guardrail_of_bedrock() -> None:
    """The open blocks stop, and the reason is told."""
    body = [BEGIN, delta(0, text="a bad"), delta(0, text="x"), stop(0), END]

    out = through("bedrock_converse", MEDIA, body, stopping("bad"))

    last = event("messageStop", {"stopReason": "guardrail_intervened"})
    assert out == BEGIN + delta(0, text="a ") + stop(0) + last


def test_an_answer_may_end_with_what_was_held_back() -> None:
    """The event that ends it tells of it."""
    last = event("messageStop", {"stopReason": "end_turn"})

    out = through("bedrock_converse", MEDIA, [delta(0, text="a"), last], at_end)

    assert out == delta(0, text="") + more(0, text="a") + event(
        "messageStop", {"stopReason": "guardrail_intervened"}
    )


def test_a_whole_answer_is_changed_in_place() -> None:
    """Byte for byte around what changes."""
    content = [
        {"reasoningContent": {"reasoningText": {"text": "te", "signature": "c2ln"}}},
        {"text": "se"},
        {"toolUse": {"name": "get", "input": {"a": "o"}}},
    ]
    body = dumps({"output": {"message": {"role": "assistant", "content": content}}, "stopReason": "end_turn"})

    out = whole_through("bedrock_converse", body, holding(Heard(), (9,), True))
    stopped = whole_through("bedrock_converse", body, stopping("te"))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    assert out == expected.replace(b'"o"', b'"\\\\"')
    assert b'"stopReason":"guardrail_intervened"' in stopped
    assert b'"se"' not in stopped


@pytest.mark.parametrize(
    "body",
    [
        event("contentBlockDelta", {"contentBlockIndex": "x", "delta": {"text": 5, "toolUse": 6}}),
        event("contentBlockStart", {"start": 5}),
        event("contentBlockStop", {}),
        event("metadata", {"output": 5}),
    ],
)
def test_what_is_of_another_type_says_nothing(body: bytes) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("bedrock_converse", MEDIA, [body], holding(heard)) == body
    assert heard.fed == {}
