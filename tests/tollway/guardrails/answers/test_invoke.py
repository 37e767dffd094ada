"""InvokeModel's chunks go through filters in the format of the model that wrote them."""

from base64 import b64encode
from typing import Any

import orjson
import pytest

from tests.simulator.event_stream import event
from tests.tollway.guardrails.answers.filtering import Heard, holding, stopping, through, whole_through
from tests.tollway.guardrails.answers.streams import dumps
from tollway.guardrails.answers.frames import Frames

MEDIA = "application/vnd.amazon.eventstream"


def chunks(*messages: dict[str, Any]) -> bytes:
    return b"".join(event("chunk", {"bytes": b64encode(orjson.dumps(one)).decode()}) for one in messages)


def read(body: bytes) -> list[Any]:
    return [orjson.loads(unit.data) for unit in Frames().feed(body)]


CLAUDE = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "se"}}
NOVA = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "se"}}}
CHAT = {"choices": [{"index": 0, "delta": {"content": "se"}, "finish_reason": None}]}


@pytest.mark.parametrize(
    ("message", "more", "end"),
    [
        (CLAUDE, CLAUDE, {"type": "message_stop"}),
        (NOVA, NOVA, {"messageStop": {"stopReason": "guardrail_intervened"}}),
        (CHAT, CHAT, {"choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]}),
        (
            {"generation": "se", "stop_reason": None},
            {"generation": "se"},
            {"generation": "", "stop_reason": "content_filtered"},
        ),
    ],
)
def test_a_model_says_more_in_its_own_format(
    message: dict[str, Any], more: dict[str, Any], end: dict[str, Any]
) -> None:
    """And ends in it."""
    held = read(through("bedrock_invoke", MEDIA, [chunks(message)], holding(Heard(), (9,))))
    stopped = read(through("bedrock_invoke", MEDIA, [chunks(message, message)], stopping("e")))

    assert held == [orjson.loads(orjson.dumps(message).replace(b'"se"', b'""')), more]
    assert stopped[0] == orjson.loads(orjson.dumps(message).replace(b'"se"', b'"s"'))
    assert stopped[-1] == end
    assert through("bedrock_invoke", MEDIA, [chunks(message)], holding(Heard())) == chunks(message)


def test_what_a_chunk_has_beside_its_message_stays() -> None:
    """Its padding, for instance; tokens of what changed go as they do in chat."""
    said = {"choices": [{"index": 0, "delta": {"content": "se"}, "logprobs": {"content": ["se"]}}]}
    body = event("chunk", {"bytes": b64encode(orjson.dumps(said)).decode(), "p": "abc"})

    out = through("bedrock_invoke", MEDIA, [body], holding(Heard(), (0,), True))

    expected = orjson.dumps(said).replace(b'"content":"se"', b'"content":"\\n\\""')
    expected = expected.replace(b'{"content":["se"]}', b"null")
    assert out == event("chunk", {"bytes": b64encode(expected).decode(), "p": "abc"})


def test_a_whole_answer_is_changed_in_place() -> None:
    """In any model's format."""
    body = dumps({"type": "message", "content": [{"type": "text", "text": "se"}], "stop_reason": "end_turn"})

    assert whole_through("bedrock_invoke", body, holding(Heard(), (9,), True)) == body.replace(
        b'"se"', b'"\\n\\""'
    )
    assert b'"stop_reason":"refusal"' in whole_through("bedrock_invoke", body, stopping("s"))


def test_a_stream_that_came_as_a_whole_is_one_all_the_same() -> None:
    """Whatever was said of it."""
    out = whole_through("bedrock_invoke", chunks({"generation": "x"}), holding(Heard(), (9,)))

    assert read(out) == [{"generation": ""}, {"generation": "x"}]
