"""OpenAI's responses go through filters, and say the same in pieces and as a whole."""

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

RESPONSE = {"id": "resp_1", "object": "response", "status": "in_progress", "output": []}
type Event = dict[str, Any]


def message(text: str) -> Event:
    return {
        "type": "message",
        "id": "msg_1",
        "content": [{"type": "output_text", "text": text, "logprobs": []}],
    }


def said(*pieces: str, index: int = 0) -> list[Event]:
    """The events of a message."""
    where = {"item_id": "msg_1", "output_index": index, "content_index": 0}
    text = "".join(pieces)
    return [
        {"type": "response.output_item.added", "item": {**message(""), "content": []}, "output_index": index},
        {"type": "response.content_part.added", **where, "part": {"type": "output_text", "text": ""}},
        *(
            {"type": "response.output_text.delta", **where, "delta": piece, "logprobs": []}
            for piece in pieces
        ),
        {"type": "response.output_text.done", **where, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **where, "part": {"type": "output_text", "text": text}},
        {"type": "response.output_item.done", "item": message(text), "output_index": index},
    ]


def called(name: str, *pieces: str, index: int = 0) -> list[Event]:
    """The events of a call of a function."""
    where = {"item_id": "fc_1", "output_index": index}
    item = {"type": "function_call", "id": "fc_1", "name": name, "arguments": ""}
    arguments = "".join(pieces)
    return [
        {"type": "response.output_item.added", "item": item, "output_index": index},
        *({"type": "response.function_call_arguments.delta", **where, "delta": piece} for piece in pieces),
        {"type": "response.function_call_arguments.done", **where, "arguments": arguments, "name": name},
        {
            "type": "response.output_item.done",
            "item": {**item, "arguments": arguments},
            "output_index": index,
        },
    ]


def completed(*output: Event) -> Event:
    return {
        "type": "response.completed",
        "response": {**RESPONSE, "status": "completed", "output": [*output]},
    }


def stream(*events: Event) -> bytes:
    every: list[Event] = [
        {"type": "response.created", "response": RESPONSE},
        *events,
    ]
    return sse(*(event | {"sequence_number": n} for n, event in enumerate(every)), named=True)


def test_pieces_are_fed_once_though_they_are_said_again() -> None:
    """The same text stands in five events."""
    heard = Heard()
    body = stream(*said("on", "e"), *called("get", '{"a"', ":1}", index=1), completed(message("one")))

    assert through("openai_responses", SSE, [body], holding(heard)) == body
    assert [(c.what, c.tool, c.json, text) for c, text in heard.fed.items()] == [
        (What.TEXT, None, False, "one"),
        (What.ARGUMENTS, "get", True, '{"a":1}'),
    ]
    assert len(heard.ends) == 2


def test_a_text_says_the_same_as_a_whole() -> None:
    """What was held back of it comes in one more delta; the numbers go on by one."""
    item = called("get", "{}")[-1]["item"]
    body = stream(*said("se", "s"), *called("get", "{}", index=1), completed(message("ses"), item))

    out = messages(through("openai_responses", SSE, [body], holding(Heard(), (9,), True)))

    text = changed("ses")
    assert told(out, "delta") == ["", "", text, "", "{}"]
    assert told(out, "text") == [text]
    assert told(out, "part", "text") == ["", text]
    assert told(out, "item", "content", 0, "text") == [text]
    assert told(out, "response", "output", 0, "content", 0, "text") == [text]
    assert told(out, "arguments") == told(out, "response", "output", 1, "arguments") == ["{}"]
    assert told(out, "sequence_number") == [*range(len(out))]
    assert out[5] == out[4] | {"delta": text, "sequence_number": 5}


def test_a_server_without_numbers_gets_none() -> None:
    """Compatible ones may leave them out."""
    out = messages(through("openai_responses", SSE, [sse(*said("se"))], holding(Heard(), (9,))))

    assert told(out, "delta") == ["", "se"]
    assert told(out, "sequence_number") == []


@pytest.mark.parametrize(
    ("stem", "field", "what", "json"),
    [
        ("refusal", "refusal", What.TEXT, False),
        ("reasoning_text", "text", What.THINKING, False),
        ("reasoning_summary_text", "text", What.THINKING, False),
        ("function_call_arguments", "arguments", What.ARGUMENTS, True),
        ("mcp_call_arguments", "arguments", What.ARGUMENTS, True),
        ("custom_tool_call_input", "input", What.ARGUMENTS, False),
        ("code_interpreter_call_code", "code", What.ARGUMENTS, False),
        ("shell_call_command", "command", What.ARGUMENTS, False),
        ("audio.transcript", "transcript", What.TEXT, False),
        ("what_comes_next", "text", What.TEXT, False),
    ],
)
def test_each_kind_of_text_is_changed(stem: str, field: str, what: What, json: bool) -> None:
    """Of one that nobody knows yet, too: it may say anything."""
    heard = Heard()
    body = stream(
        {"type": f"response.{stem}.delta", "output_index": 0, "delta": "se", "obfuscation": "xx"},
        {"type": f"response.{stem}.done", "output_index": 0, field: "se"},
    )

    out = messages(through("openai_responses", SSE, [body], holding(heard, (9,), True)))

    assert [(c.what, c.json, text) for c, text in heard.fed.items()] == [(what, json, "se")]
    assert told(out, "delta") == ["", changed("se")]
    assert told(out, field) == [changed("se")]
    assert told(out, "obfuscation") == ["xx"]


def test_a_piece_may_have_several_texts() -> None:
    """What a command of the provider's wrote, for instance: each is one by itself."""
    event = {"type": "response.shell_call_output_content.delta", "delta": {"stdout": "se", "stderr": "te"}}

    (out,) = messages(through("openai_responses", SSE, [sse(event)], holding(Heard(), (9,), True)))

    assert out["delta"] == {"stdout": changed("se"), "stderr": changed("te")}


def test_sound_is_no_text() -> None:
    """Nothing of it is fed."""
    heard = Heard()
    body = stream({"type": "response.audio.delta", "delta": "aGk="}, {"type": "response.audio.done"})

    assert through("openai_responses", SSE, [body], holding(heard, (9,))) == body
    assert heard.fed == {}


def test_what_comes_only_as_a_whole_is_fed_once() -> None:
    """And says the same wherever it is said again."""
    heard = Heard()
    item = {"type": "web_search_call", "action": {"type": "search", "query": "se"}}
    body = stream(
        {"type": "response.output_item.added", "item": item, "output_index": 0},
        {"type": "response.output_item.done", "item": item, "output_index": 0},
        completed(item),
    )

    out = messages(through("openai_responses", SSE, [body], holding(heard, (9,), True)))

    assert told(out, "item", "action", "query") == [changed("se")] * 2
    assert told(out, "response", "output", 0, "action") == [{"type": "search", "query": changed("se")}]
    assert list(heard.fed.values()) == ["se"]


def test_a_whole_that_is_another_than_its_pieces_goes_through_a_filter_of_its_own() -> None:
    """A server may tidy a text at its end."""
    events = said("se ")
    events[3]["text"] = "se"

    out = messages(through("openai_responses", SSE, [stream(*events)], holding(Heard(), (9,), True)))

    assert told(out, "text") == [changed("se")]
    assert told(out, "item", "content", 0, "text") == [changed("se ")]


def test_what_was_held_back_of_a_text_without_an_end_comes_before_the_response_ends() -> None:
    """Its item may not be done, and the stream may break off."""
    begun = said("se")[:3]

    failed = messages(
        through(
            "openai_responses", SSE, [stream(*begun, {"type": "response.failed"})], holding(Heard(), (9,))
        )
    )
    cut = messages(through("openai_responses", SSE, [stream(*begun)], holding(Heard(), (9,))))
    done = messages(
        through("openai_responses", SSE, [stream(*begun, said("se")[-1])], holding(Heard(), (9,)))
    )

    for out in (failed, cut, done):
        assert told(out, "delta") == ["", "se"]
        assert told(out, "sequence_number") == [*range(len(out))]


def test_tokens_of_what_changed_are_left_out() -> None:
    """Beside the delta, and beside the whole."""
    events = said("se", "x")
    for event in (events[2], events[4]):
        event["logprobs"] = [{"token": "se"}]
    events[-1]["item"]["content"][0]["logprobs"] = [{"token": "se"}]

    out = messages(through("openai_responses", SSE, [stream(*events)], holding(Heard(), (0,), True)))

    assert told(out, "logprobs") == [[], [], []]
    assert told(out, "item", "content", 0, "logprobs") == [[]]


def test_an_answer_ends_as_an_incomplete_response() -> None:
    """With the reason that OpenAI has for it, and the next number."""
    body = stream(*said("go", "od bad"), completed(message("good bad")))

    out = messages(through("openai_responses", SSE, [body], stopping("bad")))

    assert told(out, "delta") == ["go", "od "]
    assert out[-1] == {
        "type": "response.incomplete",
        "response": {
            **RESPONSE,
            "status": "incomplete",
            "incomplete_details": {"reason": "content_filter"},
        },
        "sequence_number": len(out) - 1,
    }


def test_an_answer_may_end_with_what_was_held_back() -> None:
    """The event that says it whole passes."""
    out = messages(through("openai_responses", SSE, [stream(*said("a"), completed(message("a")))], at_end))

    assert told(out, "delta") == ["", "a"]
    assert told(out, "type")[-2:] == ["response.output_text.done", "response.incomplete"]
    assert told(out, "sequence_number") == [*range(len(out))]


def test_an_answer_that_ends_with_its_last_event_is_incomplete() -> None:
    """It is told but once."""
    (out,) = messages(through("openai_responses", SSE, [sse(completed(message("a bad")))], stopping("bad")))
    (failed,) = messages(
        through(
            "openai_responses",
            SSE,
            [sse(completed(message("bad")) | {"type": "response.failed"})],
            stopping("bad"),
        )
    )

    assert out["type"] == "response.incomplete"
    assert out["response"]["status"] == "incomplete"
    assert out["response"]["output"] == [message("a ")]
    assert failed == completed(message("")) | {"type": "response.failed"}


def test_a_stream_may_lack_its_beginning() -> None:
    """Its end has what is known then."""
    out = messages(through("openai_responses", SSE, [sse(*said("bad"))], stopping("bad")))

    assert out[-1]["response"]["object"] == "response"
    assert "sequence_number" not in out[-1]


def test_a_whole_response_is_changed_in_place() -> None:
    """Byte for byte around what changes."""
    body = dumps({**RESPONSE, "status": "completed", "incomplete_details": None, "output": [message("se")]})

    out = whole_through("openai_responses", body, holding(Heard(), (9,), True))
    stopped = whole_through("openai_responses", body, stopping("se"))

    assert out == body.replace(b'"se"', b'"\\n\\""')
    expected = body.replace(b'"se"', b'""').replace(b"completed", b"incomplete")
    assert stopped == expected.replace(b"null", b'{"reason":"content_filter"}')


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.output_item.added", "item": "x", "output_index": "y"},
        {"type": "response.output_text.delta", "delta": {"a": 5}},
        {"type": "response.content_part.added", "part": {"type": ["x"]}},
        {"type": "response.completed", "response": {"output": "x"}},
        {"type": ["x"], "output": [1, {"content": [2]}]},
    ],
)
def test_what_is_of_another_type_says_nothing(event: Event) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("openai_responses", SSE, [sse(event)], holding(heard)) == sse(event)
    assert heard.fed == {}
