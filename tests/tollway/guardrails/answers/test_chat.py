"""Chat: what each choice says, thinks and calls goes through filters, and comes out as Chat has it."""

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
from tests.tollway.guardrails.answers.streams import DONE, SSE, dumps, messages, sse, told
from tollway.guardrails.answers import What

HEAD = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def chunk(delta: dict[str, Any], finish: str | None = None, index: int = 0, **more: Any) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**HEAD, "choices": [choice], **more}


def call(arguments: str, index: int = 0, **more: Any) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": more.pop("name")} if "name" in more else {})
    return {"tool_calls": [{"index": index, "function": function, **more}]}


def test_texts_are_fed_as_they_are_said() -> None:
    """Contents, thoughts and refusals, by choice; nothing is fed of what is empty or no text."""
    heard = Heard()
    body = sse(
        chunk({"role": "assistant", "content": "", "refusal": None}),
        chunk({"reasoning_content": "hm"}),
        chunk({"content": "one"}),
        chunk({"content": "other"}, index=1),
        chunk({"content": " two"}),
        chunk({"refusal": "no"}, index=1),
        chunk({}, "stop"),
    )

    assert through("openai_chat", SSE, [body + DONE], holding(heard)) == body + DONE
    assert [(c.what, c.key, text) for c, text in heard.fed.items()] == [
        (What.THINKING, (0, "reasoning_content"), "hm"),
        (What.TEXT, (0, "content"), "one two"),
        (What.TEXT, (1, "content"), "other"),
        (What.TEXT, (1, "refusal"), "no"),
    ]


def test_what_was_held_back_comes_before_its_choice_ends() -> None:
    """In a chunk like the others: without usage, and of that choice alone."""
    body = sse(chunk({"role": "assistant", "content": "se"}, usage={"n": 1}), chunk({}, "stop"))

    out = messages(through("openai_chat", SSE, [body + DONE], holding(Heard(), (9,), True)))

    assert told(out, "choices", 0, "delta", "content") == ["", '\n"']
    assert out[1] == {
        **HEAD,
        "choices": [{"index": 0, "finish_reason": None, "delta": {"content": '\n"'}}],
    }
    assert [one if isinstance(one, str) else one["choices"][0]["finish_reason"] for one in out] == [
        None, None, "stop", "[DONE]",
    ]  # fmt: skip


def test_what_was_held_back_goes_with_a_last_piece() -> None:
    """A chunk may say something, and why it ends."""
    body = sse(chunk({"content": "se"}, "stop"))

    out = through("openai_chat", SSE, [body], holding(Heard(), (9,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""')


@pytest.mark.parametrize("end", [DONE, b"", sse({"error": {"message": "x"}})])
def test_what_was_held_back_comes_though_no_reason_is_told(end: bytes) -> None:
    """Before the mark, an error, or where the stream breaks off."""
    out = through("openai_chat", SSE, [sse(chunk({"content": "se"})) + end], holding(Heard(), (1,)))

    assert out.endswith(end)
    assert told(messages(out), "choices", 0, "delta", "content") == ["s", "e"]


def test_what_was_thought_is_over_once_something_is_said() -> None:
    """So what was held back of it comes before that."""
    body = sse(chunk({"reasoning": "se"}), chunk({"content": "ta"}), chunk({}, "stop"))

    out = messages(through("openai_chat", SSE, [body], holding(Heard(), (9,))))

    deltas = told(out, "choices", 0, "delta")
    assert deltas == [{"reasoning": ""}, {"reasoning": "se"}, {"content": ""}, {"content": "ta"}, {}]


def test_arguments_are_json_with_the_name_of_their_tool() -> None:
    """Calls side by side are texts of their own; what comes late of one has no name or id again."""
    heard = Heard()
    body = sse(
        chunk(call("", name="get", id="a", type="function")),
        chunk(call('{"a', 0)),
        chunk(call('{"b', 1, name="put", id="b")),
        chunk(call('":1}', 0)),
        chunk(call('":2}', 1)),
        chunk({}, "tool_calls"),
    )

    out = messages(through("openai_chat", SSE, [body], holding(heard, (3,), True)))

    assert [(c.tool, c.json, text) for c, text in heard.fed.items()] == [
        ("get", True, '{"a":1}'),
        ("put", True, '{"b":2}'),
    ]
    calls = [one for found in told(out, "choices", 0, "delta", "tool_calls") for one in found]
    for index, text in enumerate(heard.fed.values()):
        said = [one["function"]["arguments"] for one in calls if one["index"] == index]
        assert "".join(said) == changed(text)
    assert calls[-1] == {"index": 1, "function": {"arguments": changed(":2}")}}


def test_another_id_at_an_index_is_another_call() -> None:
    """As some servers have it: each is a document of its own."""
    heard = Heard()
    body = sse(
        chunk(call("{}", name="one", id="a")),
        chunk(call("{}", id="a")),
        chunk(call("[]", name="two", id="b")),
        chunk({}, "stop"),
    )

    out = messages(through("openai_chat", SSE, [body], holding(heard, (1,))))

    assert {c.tool: text for c, text in heard.fed.items()} == {"one": "{}{}", "two": "[]"}
    calls = told(out, "choices", 0, "delta", "tool_calls", 0, "function", "arguments")
    assert calls == ["{", "}{", "}", "[", "]"]


@pytest.mark.parametrize(
    ("delta", "what", "more"),
    [
        (
            {"function_call": {"name": "f", "arguments": "se"}},
            What.ARGUMENTS,
            {"function_call": {"arguments": "se"}},
        ),
        (
            {"tool_calls": [{"index": 0, "custom": {"name": "f", "input": "se"}}]},
            What.ARGUMENTS,
            {"tool_calls": [{"index": 0, "custom": {"input": "se"}}]},
        ),
        (
            {"reasoning_details": [{"type": "reasoning.summary", "index": 2, "summary": "se", "id": "x"}]},
            What.THINKING,
            {"reasoning_details": [{"type": "reasoning.summary", "index": 2, "summary": "se"}]},
        ),
        ({"audio": {"id": "a", "transcript": "se"}}, What.TEXT, {"audio": {"transcript": "se"}}),
        ({"content": [{"type": "text", "text": "se"}]}, What.TEXT, {"content": "se"}),
        (
            {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "se"}]}]},
            What.THINKING,
            {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "se"}]}]},
        ),
    ],
)  # fmt: skip
def test_each_kind_of_delta_is_said_more_as_it_was(
    delta: dict[str, Any], what: What, more: dict[str, Any]
) -> None:
    """Those of OpenAI before tools, of OpenRouter, of Mistral; sounds with their words."""
    heard = Heard()

    out = messages(through("openai_chat", SSE, [sse(chunk(delta), chunk({}, "stop"))], holding(heard, (9,))))

    assert [(channel.what, text) for channel, text in heard.fed.items()] == [(what, "se")]
    assert told(out, "choices", 0, "delta")[1] == more


def test_arguments_that_are_a_value_are_texts_of_their_own() -> None:
    """As some servers have them."""
    heard = Heard()
    given = {"tool_calls": [{"function": {"name": "f", "arguments": {"a": "se", "n": 1}}}, "x"]}
    body = sse(chunk(given), chunk({}, "stop"))

    out = messages(through("openai_chat", SSE, [body], holding(heard, (9,), True)))

    assert [(c.json, c.tool, text) for c, text in heard.fed.items()] == [(False, "f", "se")]
    assert told(out, "choices", 0, "delta", "tool_calls", 0, "function", "arguments") == [
        {"a": '\n"', "n": 1}
    ]


def test_tokens_of_what_changed_are_left_out() -> None:
    """They tell it once more; of what did not change they stay."""
    said = chunk({"content": "se"})
    said["choices"][0]["logprobs"] = {"content": [{"token": "se"}]}
    other = chunk({"content": "xx"})
    other["choices"][0]["logprobs"] = {"content": [{"token": "xx"}]}

    out = messages(through("openai_chat", SSE, [sse(said, other)], holding(Heard(), (0,), True)))

    assert told(out, "choices", 0, "logprobs") == [None, {"content": [{"token": "xx"}]}]


def test_an_answer_ends_with_its_reason_and_the_mark() -> None:
    """All choices that have not ended; nothing of what comes behind it passes."""
    body = sse(
        chunk({"content": "good"}),
        chunk({"content": "fine"}, index=1),
        chunk({}, "stop", 1),
        chunk({"content": " bad"}, usage={"n": 1}),
        chunk({"content": "never"}),
    )

    out = messages(through("openai_chat", SSE, [body + DONE], stopping("bad")))

    assert told(out, "choices", 0, "delta", "content") == ["good", "fine", " "]
    assert out[-2:] == [
        {**HEAD, "choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]},
        "[DONE]",
    ]


def test_an_answer_that_ends_with_its_last_piece_has_another_reason() -> None:
    """Readers go by one of them."""
    out = through("openai_chat", SSE, [sse(chunk({"content": "bad"}, "stop")) + DONE], stopping("bad"))

    assert messages(out) == [chunk({"content": ""}, "content_filter"), "[DONE]"]


def test_an_answer_may_end_with_what_was_held_back() -> None:
    """Before the chunk that tells of its end."""
    body = sse(chunk({"content": "a"}), chunk({}, "stop"))

    out = messages(through("openai_chat", SSE, [body + DONE], at_end))

    assert told(out, "choices", 0, "delta", "content") == ["", "a"]
    assert told(out, "choices", 0, "finish_reason") == [None, None, "content_filter"]
    assert out[-1] == "[DONE]"


def test_a_whole_answer_is_changed_in_place() -> None:
    """Everything that it says, byte for byte around it."""
    heard = Heard()
    message = {
        "role": "assistant", "content": "se", "reasoning_content": "te", "refusal": None,
        "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"a":"o"}'}}],
    }  # fmt: skip
    body = dumps(
        {**HEAD, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": {}}
    )

    out = whole_through("openai_chat", body, holding(heard, (9,), True))

    expected = body.replace(b'"se"', b'"\\n\\""').replace(b'"te"', '"😀\\""'.encode())
    assert out == expected.replace(b'"{\\"a\\":\\"o\\"}"', '"{\\"ä\\":\\"\\\\\\"}"'.encode())
    assert whole_through("openai_chat", body, holding(Heard(), (9,))) == body
    assert len(heard.ends) == 3


def test_a_whole_answer_that_is_stopped_says_so() -> None:
    """What comes behind the end is empty."""
    choices = [
        {"index": n, "message": {"content": text}, "finish_reason": "stop"}
        for n, text in enumerate(["a bad", "b"])
    ]

    out = whole_through("openai_chat", dumps({"choices": choices}), stopping("bad"))

    assert out == (
        b'{"choices":[{"index":0,"message":{"content":"a "},"finish_reason":"content_filter"},'
        b'{"index":1,"message":{"content":""},"finish_reason":"content_filter"}]}'
    )


def test_completions_say_their_texts_in_their_choices() -> None:
    """As chat did before it was one."""
    said = [{"index": 0, "text": text, "finish_reason": None} for text in ("one", "two")]
    last = {"index": 0, "text": "", "finish_reason": "stop"}
    body = sse(*({"id": "c", "choices": [choice]} for choice in (*said, last)))

    held = messages(through("openai_completions", SSE, [body + DONE], holding(Heard(), (4,))))
    stopped = messages(through("openai_completions", SSE, [body + DONE], stopping("two")))

    assert told(held, "choices", 0, "text") == ["", "on", "etwo", ""]
    assert held[2] == {"id": "c", "choices": [{"index": 0, "finish_reason": None, "text": "etwo"}]}
    assert stopped[-2:] == [
        {"id": "c", "choices": [{"index": 0, "text": "", "finish_reason": "content_filter"}]},
        "[DONE]",
    ]


@pytest.mark.parametrize(
    "message",
    [
        {"choices": None},
        {"choices": ["x", {"delta": "x", "index": "y", "text": None}]},
        {"choices": [{"delta": {"content": [1, {"thinking": [2]}], "tool_calls": [{"function": 3}]}}]},
        {"choices": [{"delta": {"content": [{"thinking": [{}]}], "audio": 4}}]},
        {"choices": [{"delta": {"reasoning_details": [{"index": 1}], "function_call": {"arguments": 5}}}]},
    ],
)  # fmt: skip
def test_what_is_of_another_type_says_nothing(message: dict[str, Any]) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("openai_chat", SSE, [sse(message)], holding(heard)) == sse(message)
    assert heard.fed == {}
