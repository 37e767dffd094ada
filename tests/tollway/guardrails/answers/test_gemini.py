"""Gemini's parts go through filters, and come out as Gemini has them."""

from typing import Any

import orjson
import pytest

from tests.tollway.guardrails.answers.filtering import (
    Heard,
    changed,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import JSON, SSE, dumps, messages, sse, told
from tollway.guardrails.answers import What

PART = ("candidates", 0, "content", "parts", 0)


def chunk(*parts: dict[str, Any], finish: str | None = None, index: int = 0) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": [*parts], "role": "model"}, "index": index}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "usageMetadata": {"totalTokenCount": 1}, "modelVersion": "g"}


def call(**args: Any) -> dict[str, Any]:
    return {"functionCall": {"name": "get", "args": args}}


def array(*chunks: dict[str, Any]) -> bytes:
    return b"[" + b",\r\n".join(orjson.dumps(one) for one in chunks) + b"\n]\n"


def test_parts_are_texts_by_what_they_are() -> None:
    """Thoughts, texts, the code that is run and what it says, each string of what a function is given."""
    heard = Heard()
    body = sse(
        chunk({"text": "h", "thought": True}),
        chunk({"text": "m", "thought": True}),
        chunk({"text": "on", "thoughtSignature": "c2ln"}),
        chunk({"text": "e"}),
        chunk({"text": "other"}, index=1),
        chunk({"executableCode": {"language": "PYTHON", "code": "print(1)"}}),
        chunk({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}),
        chunk(call(a="x", b=[{"c": "y"}], n=1), finish="STOP"),
    )

    assert through("gemini", SSE, [body], holding(heard)) == body
    assert [(c.what, c.tool, c.json, said) for c, said in heard.fed.items()] == [
        (What.THINKING, None, False, "hm"),
        (What.TEXT, None, False, "one"),
        (What.TEXT, None, False, "other"),
        (What.ARGUMENTS, None, False, "print(1)"),
        (What.TEXT, None, False, "1\n"),
        (What.ARGUMENTS, "get", False, "x"),
        (What.ARGUMENTS, "get", False, "y"),
    ]


def test_what_was_held_back_comes_before_what_is_no_text() -> None:
    """So that it stands where it was said: a call, a thought, a picture follow it."""
    inline = {"inlineData": {"mimeType": "image/png", "data": ""}}
    body = sse(
        chunk({"text": "te", "thought": True}),
        chunk({"text": "se"}),
        chunk(call()),
        chunk({"text": "so"}, inline),
        chunk({"text": "to"}, call(a="e")),
        chunk({"text": "es"}, finish="STOP"),
    )

    out = messages(through("gemini", SSE, [body], holding(Heard(), (9,), True)))

    assert [part for parts in told(out, *PART[:-1]) for part in parts] == [
        {"text": "", "thought": True},
        {"text": changed("te"), "thought": True},
        {"text": ""},
        {"text": changed("se")},
        call(),
        {"text": changed("so")},
        inline,
        {"text": changed("to")},
        call(a='"'),
        {"text": changed("es")},
    ]
    assert out[1] == {
        "modelVersion": "g",
        "candidates": [
            {"content": {"parts": [{"text": changed("te"), "thought": True}], "role": "model"}, "index": 0}
        ],
    }


def test_an_array_gets_more_elements() -> None:
    """Before its end, where nothing told of the end; wherever it is cut."""
    body = array(chunk({"text": "se"}), chunk({"text": "te"}))

    for pieces in ([body], [bytes([byte]) for byte in body]):
        out = orjson.loads(through("gemini", JSON, pieces, holding(Heard(), (9,), True)))

        assert told(out, *PART, "text") == ["", "", changed("sete")]
    assert through("gemini", JSON, [body], holding(Heard(), (0,))) == body


def test_an_array_ends_where_a_filter_ends_it() -> None:
    """As an array."""
    body = array(chunk({"text": "good"}), chunk({"text": " bad"}), chunk({"text": "x"}))

    out = orjson.loads(through("gemini", JSON, [body], stopping("bad")))

    assert told(out, *PART, "text") == ["good", " ", ""]
    assert told(out, "candidates", 0, "finishReason") == ["SAFETY"]


def test_an_array_that_breaks_off_gets_what_was_held_back() -> None:
    """Readers that take what there is have it."""
    out = through("gemini", JSON, [array(chunk({"text": "se"}))[:-3]], holding(Heard(), (9,)))

    assert told(orjson.loads(out + b"]"), *PART, "text") == ["", "se"]


def test_an_object_alone_is_a_whole_answer() -> None:
    """Its candidates end with it, though it does not say so."""
    body = dumps(chunk({"text": "se"}, call(a="o")))

    out = through("gemini", JSON, [body[:9], body[9:]], holding(Heard(), (9,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""').replace(b'"o"', b'"\\\\"')
    assert out == whole_through("gemini", body, holding(Heard(), (9,), True))
    stopped = through("gemini", JSON, [dumps(chunk({"text": "bad"}, finish="STOP"))], stopping("bad"))
    assert stopped == dumps(chunk({"text": ""}, finish="SAFETY"))
    assert through("gemini", JSON, [dumps(chunk({"text": "bad"}))], stopping("bad")) == dumps(
        chunk({"text": ""})
    )


def test_an_answer_ends_for_safety() -> None:
    """Of all candidates that have not ended."""
    body = sse(
        chunk({"text": "x"}, index=1), chunk({"text": "y"}, finish="STOP", index=2), chunk({"text": "bad"})
    )

    out = messages(through("gemini", SSE, [body], stopping("bad")))

    empty = {"parts": [{"text": ""}], "role": "model"}
    assert out[-1] == {
        "modelVersion": "g",
        "candidates": [{"content": empty, "finishReason": "SAFETY", "index": index} for index in (1, 0)],
    }


def test_an_answer_that_ends_with_its_last_piece_has_another_reason() -> None:
    """It is told but once."""
    out = messages(through("gemini", SSE, [sse(chunk({"text": "bad"}, finish="STOP"))], stopping("bad")))

    assert out == [chunk({"text": ""}, finish="SAFETY")]


def test_code_assist_has_its_wrapper() -> None:
    """Around what is put between, too."""
    body = sse(
        {"response": chunk({"text": "se"}), "traceId": "t"},
        {"response": chunk(finish="STOP"), "traceId": "t"},
    )

    held = messages(through("gemini", SSE, [body], holding(Heard(), (9,))))
    stopped = messages(through("gemini", SSE, [body], stopping("s")))

    assert told(held, "response", *PART, "text") == ["", "se"]
    assert told(held, "traceId") == ["t"] * 3
    assert told(stopped, "response", "candidates", 0, "finishReason") == ["SAFETY"]


def test_arguments_may_come_piece_by_piece() -> None:
    """Each at its own place, as Vertex streams them."""

    def partial(path: str, text: str, more: bool) -> dict[str, Any]:
        arg = {"jsonPath": path, "stringValue": text, "willContinue": more}
        return {"functionCall": {"partialArgs": [arg], "willContinue": True}}

    heard = Heard()
    body = sse(
        chunk({"functionCall": {"name": "get", "willContinue": True}}),
        chunk(partial("$.a", "one", True)),
        chunk(partial("$.a", " two", False)),
        chunk(partial("$.b", "three", True)),
        chunk(finish="STOP"),
    )

    out = messages(through("gemini", SSE, [body], holding(heard, (3,))))

    assert [said for said in heard.fed.values()] == ["one two", "three"]
    args = told(out, *PART, "functionCall", "partialArgs", 0)
    assert [arg["stringValue"] for arg in args] == ["", "one two", "th", "ree"]
    assert args[-1] == {"jsonPath": "$.b", "stringValue": "ree"}


def test_tokens_of_what_changed_are_left_out() -> None:
    """They tell it once more."""
    said = chunk({"text": "se"})
    said["candidates"][0]["logprobsResult"] = {"chosenCandidates": [{"token": "se"}]}

    out = messages(through("gemini", SSE, [sse(said)], holding(Heard(), (0,), True)))

    assert told(out, "candidates", 0, "logprobsResult") == [{}]


def test_an_error_comes_behind_what_was_held_back() -> None:
    """Nothing is lost of what was said before it."""
    out = messages(
        through("gemini", SSE, [sse(chunk({"text": "se"}), {"error": {"code": 500}})], holding(Heard(), (9,)))
    )

    assert told(out, *PART, "text") == ["", "se"]
    assert out[-1] == {"error": {"code": 500}}


@pytest.mark.parametrize(
    "message",
    [
        {"candidates": [{"content": {"parts": [{"text": 1}, {"functionCall": {"args": 3}}]}}]},
        {"candidates": [{"content": {"parts": [{"functionCall": {"partialArgs": [{"stringValue": 1}]}}]}}]},
        {"candidates": [{"content": "x"}, 1], "response": "y"},
    ],
)
def test_what_is_of_another_type_says_nothing(message: dict[str, Any]) -> None:
    """And passes as it came."""
    heard = Heard()

    assert through("gemini", SSE, [sse(message)], holding(heard)) == sse(message)
    assert heard.fed == {}
