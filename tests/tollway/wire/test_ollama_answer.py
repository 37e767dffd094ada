"""Ollama's lines and objects are read: the last line has the counts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.ollama import Ollama

HERE = Endpoint(kind=Kind.INFERENCE, provider="ollama", host="ollama.com", dialect="ollama")
LINES = "application/x-ndjson"
END = {"done": True, "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 9, "eval_duration": 81}
USED = Usage(input_tokens=26, output_tokens=9)


def chat(content: str = "", done: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **more}
    head = {"model": "gpt-oss:120b", "created_at": "2026-11-20T10:00:00Z", "message": message}
    return head | (done or {"done": False})


def generated(response: str, done: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"model": "qwen3:8b", "response": response, **more} | (done or {"done": False})


def stream(*messages: dict[str, Any], compact: bool = True) -> bytes:
    separators = (",", ":") if compact else (", ", ": ")
    return "".join(json.dumps(m, separators=separators) + "\n" for m in messages).encode()


def read(body: bytes, places: list[int] | None = None, kind: str = LINES, stream: bool = True) -> Reader:
    reader = Ollama().reader(HERE, Asked(stream=stream), {"content-type": kind} if kind else {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def test_a_chat_stream_reports() -> None:
    """Texts and thoughts are delivered, in their order."""
    reader = read(stream(chat(thinking="Hm. "), chat("Par"), chat('is "it" is\n'), chat("", END)))

    assert reader.report() == Report(usage=USED, model="gpt-oss:120b", complete=True)
    assert reader.delivered() == b'Hm. Paris "it" is\n'


def test_a_generate_stream_reports() -> None:
    """Its text is called a response, and its last line repeats the context as numbers."""
    reader = read(stream(generated("Par"), generated("is"), generated("", {**END, "context": [1, 2]})))

    assert reader.report() == Report(usage=USED, model="qwen3:8b", complete=True)
    assert reader.delivered() == b"Paris"


@pytest.mark.parametrize(
    ("body", "delivered"),
    [
        (chat("Paris.", END, thinking="Hm. "), b"Hm. Paris."),
        (generated("Paris.", END, thinking="Hm. "), b"Hm. Paris."),
    ],
)
def test_an_answer_in_one_piece_reports(body: dict[str, Any], delivered: bytes) -> None:
    """`stream: false`."""
    reader = read(json.dumps(body).encode(), kind="application/json; charset=utf-8", stream=False)

    assert reader.report() == Report(usage=USED, model=body["model"], complete=True)
    assert reader.delivered() == delivered


def test_calls_of_tools_are_delivered_as_json() -> None:
    """Their arguments are objects here, not strings."""
    call = {"function": {"name": "weather", "arguments": {"city": 'St. "P"'}}}
    delivered = json.dumps([call], separators=(",", ":")).encode()

    assert read(stream(chat("Let me see. "), chat("", tool_calls=[call]))).delivered() == (
        b"Let me see. " + delivered
    )
    whole = json.dumps(chat("", END, tool_calls=[call])).encode()
    assert read(whole, kind="application/json").delivered() == delivered


def test_a_text_that_looks_like_the_end_is_none() -> None:
    """Quotes inside a string are escaped."""
    report = read(stream(chat('{"done":true,"eval_count":99}'))).report()

    assert (report.usage, report.complete) == (None, False)


def test_a_cut_stream_reports_no_usage_and_what_it_delivered() -> None:
    """So it will be estimated."""
    reader = read(stream(chat("Par"), chat("is"))[:-5])

    assert reader.report() == Report(model="gpt-oss:120b")
    assert reader.delivered() == b"Par"


def test_a_last_line_without_its_line_feed_counts() -> None:
    """Some servers send none."""
    assert read(stream(chat("a"), chat("", END)).rstrip()).report() == Report(
        usage=USED, model="gpt-oss:120b", complete=True
    )


def test_zeros_that_are_left_out_stay_unknown() -> None:
    """A prompt that was cached whole has no count."""
    assert read(stream(chat("", {"done": True, "eval_count": 9}))).report().usage == Usage(output_tokens=9)
    assert read(stream(generated("", {"done": True, "done_reason": "load"}))).report() == Report(
        model="qwen3:8b", complete=True
    )


@pytest.mark.parametrize("kind", [LINES, "application/json", ""])
def test_an_error_is_told_without_its_text(kind: str) -> None:
    """It stands alone, or ends a stream."""
    report = read(b'{"error":"model \'secret\' not found"}\n', kind=kind).report()

    assert (report.error, report.complete, report.usage) == ("error", True, None)
    after = read(stream(chat("a"), {"error": "secret"}, chat("b"))).report()
    assert (after.error, after.complete, after.model) == ("error", True, "gpt-oss:120b")
    assert "secret" not in repr((report, after))


@pytest.mark.parametrize("value", [None, "9", -1, 1.5, True, [], {}, 10**15])
def test_wrong_types_are_absent(value: Any) -> None:
    """No negative or absurd number is passed on."""
    bad = {"done": True, "prompt_eval_count": value, "eval_count": value, "model": value, "message": value}

    for body, kind in ((stream(bad), LINES), (json.dumps(bad).encode(), "application/json")):
        reader = read(body, kind=kind)
        assert reader.report().usage is None
        assert isinstance(reader.delivered(), bytes)


MESSAGES = st.builds(chat, st.text(max_size=6)) | st.builds(generated, st.text(max_size=6))


@given(
    st.lists(MESSAGES, max_size=5), st.booleans(), st.booleans(), st.lists(st.integers(0, 900), max_size=8)
)
def test_any_cutting_of_a_stream_gives_the_same(
    messages: list[dict[str, Any]], ends: bool, compact: bool, places: list[int]
) -> None:
    """However the network cuts it, and however it is spaced."""
    body = stream(*messages, *[chat("", END)] * ends, compact=compact)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report()
    assert cut.delivered() == whole.delivered()
    assert whole.report().usage == (USED if ends else None)
    assert whole.report().complete is ends
    texts = [m["message"]["content"] if "message" in m else m["response"] for m in messages]
    assert whole.delivered() == "".join(texts).encode()


@given(st.binary(max_size=99), st.sampled_from([LINES, "application/json", ""]), st.booleans())
def test_whatever_comes_nothing_is_raised(body: bytes, kind: str, stream: bool) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"done":true,', b'{"message":{"content":"', b'{"error":'):
        reader = read(opening + body + b"\n{", kind=kind, stream=stream)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


def test_what_an_answer_is_shows_in_its_content_type_else_in_what_was_asked() -> None:
    """Lines and an object begin alike."""
    body = stream(chat("a"), chat("", END))

    assert read(body, kind="", stream=True).report().complete
    assert read(json.dumps(chat("a", END)).encode(), kind="", stream=False).report().complete
    assert read(body, kind=LINES, stream=False).report().usage == USED


@pytest.mark.parametrize("streamed", [True, False])
def test_calls_nested_deeper_than_json_is_written_are_their_strings(streamed: bool) -> None:
    """What can be read can't always be written again."""
    deep = '[{"function": {"arguments": ' + '{"a":' * 300 + '"x"' + "}" * 300 + "}}]"
    line = f'{{"model": "m", "message": {{"tool_calls": {deep}}}, "done": true}}'.encode()

    assert read(line + b"\n", kind=LINES if streamed else "application/json").delivered() == b"x"
