"""Whole texts, as they go over the wire, without their credentials: JSON, streams, anything else."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.redaction.made import word
from tests.tollway.redaction.test_redacted import texts
from tollway.redaction.document import redacted_document

MARK = "[redacted key]"


def documents() -> st.SearchStrategy[Any]:
    """Values of JSON with parts of credentials in them."""
    names = st.sampled_from(["type", "index", "text", "api_key", "authorization", "content"]) | texts()
    return st.recursive(
        texts() | st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    )


@given(documents())
def test_json_stays_json_and_again_it_changes_nothing(value: Any) -> None:
    once = redacted_document(json.dumps(value).encode())

    json.loads(once)
    assert redacted_document(once) == once


@given(st.lists(documents(), max_size=4), st.sampled_from(["data: {}\n\n", "{}\n", "data:{}\r\n\r\n"]))
def test_a_stream_again_changes_nothing(values: list[Any], frame: str) -> None:
    stream = "".join(frame.format(json.dumps(value)) for value in values).encode()

    once = redacted_document(stream)

    assert redacted_document(once) == once


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(body: bytes) -> None:
    once = redacted_document(body)

    assert redacted_document(once) == once


def test_what_has_none_is_the_same_byte_for_byte() -> None:
    body = b'{ "model" : "m",\n\t"messages":[{"role":"user","content":"caf\\u00e9"}]  }\n'

    assert redacted_document(body) == body


def test_a_text_of_json_is_read_as_it_is_meant() -> None:
    """Escapes may hide a key from whoever looks at bytes."""
    key = f"sk-{word(30)}"
    body = json.dumps({"content": f"it\nis {key}"}).replace("sk-", "s\\u006b-").encode()

    assert orjson.loads(redacted_document(body)) == {"content": f"it\nis {MARK}"}


@pytest.mark.parametrize(
    "number", ["1234567890123456", "-9223372036854775809", "1.5e+30", "1234567890.12345678e-12"]
)
def test_a_number_stays_one(number: str) -> None:
    """Also where the text around it is written anew."""
    body = f'{{"api_key": {number}, "said": "sk-{word(30)}"}}'.encode()

    found = json.loads(redacted_document(body))

    assert (float(found["api_key"]), found["said"]) == (float(number), MARK)


def test_an_escape_is_never_cut_in_two() -> None:
    body = json.dumps(f"authorization:\u00e9eyJ{word(20)}")

    assert json.loads(redacted_document(body.encode())) == json.loads(body)


def test_json_within_json_is_read_too() -> None:
    """Arguments of tools come so."""
    inner = json.dumps({"command": f"curl -H 'x-api-key: {(key := word(24))}'\nls"})

    found = redacted_document(json.dumps({"arguments": inner}).encode()).decode()

    assert key not in found
    assert json.loads(json.loads(found)["arguments"])["command"].endswith("ls")


def test_a_member_that_is_called_so_is_one_whatever_it_looks_like() -> None:
    body = {
        "mcp_servers": [{"url": "https://m.example", "authorization_token": "open sesame"}],
        "tools": [
            {"type": "mcp", "headers": {"X-Api-Key": "knock knock"}, "authorization": "[redacted credential]"}
        ],
        "password": {"type": "string"},
        "secret": "short",
    }

    found = orjson.loads(redacted_document(orjson.dumps(body)))

    assert found["mcp_servers"][0]["authorization_token"] == "[redacted credential]"
    assert found["tools"][0]["headers"] == {"X-Api-Key": "[redacted credential]"}
    assert found["tools"][0]["authorization"] == "[redacted credential]"
    assert (found["password"], found["secret"]) == ({"type": "string"}, "short")


STREAMS: dict[str, tuple[str, Any]] = {
    "chat": ("data: {}\n\n", lambda text: {"choices": [{"index": 0, "delta": {"content": text}}]}),
    "messages": (
        "event: content_block_delta\ndata: {}\n\n",
        lambda text: {
            "type": "content_block_delta",
            "index": 1,
            "delta": {"type": "text_delta", "text": text},
        },
    ),
    "arguments": (
        "event: content_block_delta\ndata: {}\n\n",
        lambda text: {
            "type": "content_block_delta",
            "index": 2,
            "delta": {"type": "input_json_delta", "partial_json": text},
        },
    ),
    "responses": (
        "data: {}\n\n",
        lambda text: {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "delta": text},
    ),
    "gemini": ("data: {}\r\n\r\n", lambda text: {"candidates": [{"content": {"parts": [{"text": text}]}}]}),
    "ollama": ("{}\n", lambda text: {"message": {"role": "assistant", "content": text}, "done": False}),
}


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("kind", STREAMS)
def test_a_key_that_is_streamed_in_pieces_goes(kind: str, size: int) -> None:
    """Models repeat what they read, some characters at a time."""
    frame, event = STREAMS[kind]
    key = f"sk-{word(30)}"
    said = f"the key is {key}, I think"
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    stream = "".join(frame.format(json.dumps(event(piece))) for piece in pieces).encode()

    found = redacted_document(stream)

    events = [orjson.loads(line.removeprefix(b"data: ")) for line in found.split(b"\n") if b"{" in line]
    assert len(events) == len(pieces)
    assert "".join(_texts(events)) == f"the key is {MARK}, I think"


def test_a_stream_that_is_a_list_is_read_as_one() -> None:
    """Gemini's, where no `alt=sse` was asked for."""
    key = f"sk-{word(30)}"
    _, event = STREAMS["gemini"]

    found = redacted_document(orjson.dumps([event(key[:9]), event(key[9:]), "x", [key]]))

    assert "".join(_texts(orjson.loads(found)[:2])) == MARK
    assert key.encode() not in found


def test_texts_of_two_answers_in_one_stream_are_apart() -> None:
    """Pieces of one do not make a key with those of the other, and each is read to its end."""
    key = f"sk-{word(30)}"
    pieces = [(0, key[:9]), (1, "one "), (0, key[9:]), (1, "two")]
    lines = [orjson.dumps({"choices": [{"index": i, "delta": {"content": text}}]}) for i, text in pieces]

    found = redacted_document(b"".join(b"data: " + line + b"\n\n" for line in lines))

    assert b"one " in found
    assert b"two" in found
    assert key[9:].encode() not in found


def test_what_is_known_goes_from_pieces_too() -> None:
    frame, event = STREAMS["chat"]
    stream = "".join(frame.format(json.dumps(event(piece))) for piece in ("open ", "ses", "ame!")).encode()

    found = redacted_document(stream, [b"open sesame"])

    texts = [orjson.loads(line[6:]) for line in found.split(b"\n") if line]
    assert list(_texts(texts)) == ["[redacted credential]", "", "!"]


@pytest.mark.parametrize("name", ["logprobs", "logprobsResult"])
def test_tokens_that_say_a_key_again_go_with_it(name: str) -> None:
    """Only then: they are a part of the answer."""
    key, tokens = f"sk-{word(30)}", {"content": [{"token": "sk"}, {"token": "-"}]}

    def answer(text: str) -> dict[str, Any]:
        return {"choices": [{"message": {"content": text}, name: tokens}]}

    assert orjson.loads(redacted_document(orjson.dumps(answer(key)))) == {
        "choices": [{"message": {"content": MARK}, name: None}]
    }
    assert orjson.loads(redacted_document(orjson.dumps(answer("none")))) == answer("none")


def test_a_stream_that_breaks_off_is_read_to_where_it_does() -> None:
    frame, event = STREAMS["chat"]
    key = f"sk-{word(30)}"
    stream = "".join(frame.format(json.dumps(event(piece))) for piece in (key[:9], key[9:])).encode()

    found = redacted_document(stream + b'data: {"choices":[{"delta":{"content":"' + key.encode())

    assert key[9:].encode() not in found


def test_nesting_without_end_is_read_as_bytes() -> None:
    key = f"sk-{word(30)}".encode()

    assert key not in redacted_document(b"[" * 100_000 + key)


def test_what_is_nested_too_deeply_to_be_written_is_told() -> None:
    key = f"sk-{word(30)}".encode()

    with pytest.raises(ValueError, match="it is nested too deeply"):
        redacted_document(b'{"a":' * 900 + b'"' + key + b'"' + b"}" * 900)


def _texts(value: Any) -> list[str]:
    """The texts of events that a model said, in their order."""
    if isinstance(value, dict):
        return [
            text
            for key, each in value.items()
            for text in (
                [each]
                if key in ("content", "text", "partial_json", "delta") and isinstance(each, str)
                else _texts(each)
            )
        ]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []
