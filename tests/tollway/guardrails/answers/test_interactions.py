"""The steps of an interaction go through filters, and come out as Gemini has them."""

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

NAME = "gemini_interactions"
BEGIN = {
    "event_type": "interaction.created",
    "interaction": {"id": "i", "status": "in_progress", "steps": []},
}
END = {"event_type": "interaction.completed", "interaction": {"id": "i", "status": "completed", "steps": []}}


def start(index: int, **step: Any) -> dict[str, Any]:
    return {"event_type": "step.start", "index": index, "step": step}


def delta(index: int, kind: str, **said: Any) -> dict[str, Any]:
    return {"event_type": "step.delta", "index": index, "delta": {"type": kind, **said}}


def stop(index: int) -> dict[str, Any]:
    return {"event_type": "step.stop", "index": index}


def test_what_was_held_back_comes_before_its_step_stops() -> None:
    """Of a thought before its signature; each step has texts of its own."""
    heard = Heard()

    def stream(*said: tuple[str, ...]) -> bytes:
        thoughts, texts, given = said
        return sse(
            BEGIN,
            start(0, type="thought"),
            *(delta(0, "thought_summary", content={"type": "text", "text": one}) for one in thoughts),
            delta(0, "thought_signature", signature="c2ln"),
            stop(0),
            start(1, type="model_output", content=[]),
            *(delta(1, "text", text=one) for one in texts),
            delta(1, "text_annotation_delta", annotations=[]),
            stop(1),
            start(2, type="function_call", id="f", name="get", arguments={}),
            *(delta(2, "arguments_delta", arguments=one) for one in given),
            stop(2),
            END,
        )

    body = stream(("te",), ("se",), ('{"a', '":1}'))

    assert through(NAME, SSE, [body], holding(Heard())) == body
    out = messages(through(NAME, SSE, [body], holding(heard, (9,), True)))

    text, thought, given = changed("se"), changed("te"), changed('{"a":1}')
    expected = messages(stream(("", thought), ("", text), ("", "", given)))
    expected.remove(delta(1, "text", text=text))
    expected.insert(expected.index(stop(1)), delta(1, "text", text=text))
    assert out == expected
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "te"),
        (What.TEXT, None, False, "se"),
        (What.ARGUMENTS, "get", True, '{"a":1}'),
    ]


def test_what_tools_of_the_provider_s_do_is_changed_in_place() -> None:
    """What they are given, and what they say."""
    body = sse(
        delta(0, "code_execution_call", arguments={"code": "o"}),
        delta(0, "code_execution_result", result="se", signature="c2ln"),
    )

    out = messages(through(NAME, SSE, [body], holding(Heard(), (9,), True)))

    assert told(out, "delta", "arguments") == [{"code": "\\"}]
    assert told(out, "delta", "result") == [changed("se")]


def test_older_streams_call_a_step_content() -> None:
    """And have its beginning in what opens it."""
    opening = {"event_type": "content.start", "index": 0, "content": {"type": "text", "text": "se"}}
    body = sse(opening, {"event_type": "content.stop", "index": 0})

    held = messages(through(NAME, SSE, [body], holding(Heard(), (9,))))
    stopped = messages(through(NAME, SSE, [sse(BEGIN, opening)], stopping("e")))

    more = {"event_type": "content.delta", "index": 0, "delta": {"type": "text", "text": "se"}}
    assert held[1] == more
    assert told(stopped, "event_type")[-2:] == ["content.stop", "interaction.complete"]


def test_an_answer_ends_as_an_incomplete_interaction() -> None:
    """Its open step stops."""
    body = sse(BEGIN, start(0, type="model_output", content=[]), delta(0, "text", text="a bad"), stop(0), END)

    out = messages(through(NAME, SSE, [body], stopping("bad")))

    assert out[-3:] == [
        delta(0, "text", text="a "),
        stop(0),
        END | {"interaction": {"id": "i", "status": "incomplete", "steps": []}},
    ]


@pytest.mark.parametrize(
    ("end", "last"),
    [
        (END, END | {"interaction": {"id": "i", "status": "incomplete", "steps": []}}),
        ({"event_type": "error", "error": {}}, {"event_type": "error", "error": {}}),
    ],
)
def test_an_answer_may_end_with_what_was_held_back(end: dict[str, Any], last: dict[str, Any]) -> None:
    """The event that ends it tells of it."""
    out = messages(through(NAME, SSE, [sse(BEGIN, delta(0, "text", text="a"), end)], at_end))

    assert out == [BEGIN, delta(0, "text", text=""), delta(0, "text", text="a"), last]


@pytest.mark.parametrize("name", ["steps", "outputs"])
def test_a_whole_interaction_is_changed_in_place(name: str) -> None:
    """By itself, or in the event that completes it; what the user said, too."""
    steps = [
        {"type": "thought", "summary": [{"type": "text", "text": "te"}], "signature": "c2ln"},
        {"type": "model_output", "content": [{"type": "text", "text": "se"}, {"type": "image"}]},
        {"type": "text", "text": "so"},
        {"type": "function_call", "name": "get", "arguments": {"a": "o"}},
    ]
    body = dumps({"id": "i", "status": "completed", name: steps})
    event = sse({"event_type": "interaction.completed", "interaction": {"status": "completed", name: steps}})

    out = whole_through(NAME, body, holding(Heard(), (9,), True))

    for before, after in ((body, out), (event, through(NAME, SSE, [event], holding(Heard(), (9,), True)))):
        expected = before.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
        assert after == expected.replace(b'"so"', b'"\\n\\\\"').replace(b'"o"', b'"\\\\"')
    assert b'"status":"incomplete"' in whole_through(NAME, body, stopping("s"))
