"""A Chat stream becomes an Anthropic one, event by event, whatever its cutting."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.translation.chats import (
    BACK,
    DONE,
    SAID,
    USAGE,
    chunk,
    cut,
    event,
    events,
    message,
    piece,
    translated,
    usage,
)
from tollway.model import Asked, Endpoint, Kind
from tollway.translation.answer import ChatWhole
from tollway.translation.stream import ChatStream
from tollway.translation.thoughts import MARK
from tollway.translation.way_back import WayBack
from tollway.wire.anthropic_answer import MessageStream
from tollway.wire.openai_chat import OpenAIChat

CHAT = OpenAIChat()
OPENAI = Endpoint(kind=Kind.INFERENCE, provider="p", host="h", dialect="openai_chat")
ROLE = chunk({"role": "assistant", "content": "", "refusal": None})
STOP = chunk({}, "stop")
HI = chunk({"content": "Hi"})
PLACES = st.lists(st.integers(0, 10**6), max_size=12)


def test_text_comes_piece_by_piece_and_the_end_once_usage_is_known() -> None:
    stream = ChatStream(BACK)

    assert [e["type"] for e in events(stream.feed(ROLE))] == ["message_start", "ping"]
    assert [e["type"] for e in events(stream.feed(HI))] == ["content_block_start", "content_block_delta"]
    assert events(stream.feed(chunk({"content": " there"}))) == [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " there"}}
    ]
    assert stream.feed(STOP) == b""
    assert stream.feed(usage()) == b""
    assert events(stream.feed(DONE)) == [
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": SAID,
        },
        {"type": "message_stop"},
    ]
    assert stream.feed(HI) == b""
    assert stream.flush() == b""


def test_thoughts_texts_and_calls_are_blocks_of_their_own() -> None:
    stream = (
        ROLE
        + chunk({"reasoning_content": "hm", "content": None})
        + chunk({"reasoning": "m"})
        + chunk({"content": "Well"})
        + chunk(piece(0, "", id="call_1", name="read", type="function"))
        + chunk(piece(0, '{"path":'))
        + chunk(piece(0, '"a"}'))
        + chunk(piece(1, "{}", id="call_2", name="list"))
        + chunk({}, "tool_calls")
        + usage()
        + DONE
    )
    found = message(translated(stream))

    assert found["content"] == [
        {"type": "thinking", "thinking": "hmm", "signature": MARK},
        {"type": "text", "text": "Well"},
        {"type": "tool_use", "id": "call_1", "name": "read", "input": {"path": "a"}},
        {"type": "tool_use", "id": "call_2", "name": "list", "input": {}},
    ]
    assert (found["stop_reason"], found["model"], found["id"]) == ("tool_use", "served", "msg_c1")


@pytest.mark.parametrize(
    "calls",
    [
        [piece(0, "{}", id="a", name="f"), piece(0, "{}", id="b", name="g")],
        [piece(None, "{}", id="a", name="f"), piece(None, "{}", id="b", name="g")],
        [{"tool_calls": [*piece(None, "{}", id="a", name="f")["tool_calls"],
                         *piece(None, "{}", id="b", name="g")["tool_calls"]]}],
        [piece(0, "{", id="a", name="f"), piece(0, "}", id="a", name="f"), piece(1, "", id="b", name="g")],
        [piece(0, "{}", id="a", name="f"), piece(0), piece(1, None, id="b", name="g")],
    ],
    ids=["one index for all", "no index", "in one chunk", "the id again", "no arguments"],
)  # fmt: skip
def test_servers_count_calls_in_their_own_ways(calls: list[Any]) -> None:
    found = message(translated(b"".join(map(chunk, calls)) + chunk({}, "tool_calls") + DONE))

    assert found["content"] == [
        {"type": "tool_use", "id": "a", "name": "f", "input": {}},
        {"type": "tool_use", "id": "b", "name": "g", "input": {}},
    ]


def test_names_that_were_shortened_are_the_callers_again_and_ids_such_as_anthropic_takes() -> None:
    back = WayBack(id="c1", model="asked", tools={"short": "the_long_one"})
    stream = chunk(piece(0, id="functions.read:0", name="short")) + chunk({}, "tool_calls") + DONE

    (use,) = message(translated(stream, back=back))["content"]
    assert (use["name"], use["id"]) == ("the_long_one", "toolu_c10")


def test_a_function_that_was_asked_for_by_name_ends_with_its_use() -> None:
    """OpenAI says `stop` there."""
    stream = chunk(piece(0, "{}", id="a", name="f")) + STOP + DONE

    assert message(translated(stream))["stop_reason"] == "tool_use"


def test_arguments_that_are_an_object_are_written_as_text() -> None:
    stream = chunk(piece(0, {"a": 1}, id="a", name="f")) + STOP + DONE

    assert message(translated(stream))["content"][0]["input"] == {"a": 1}


def test_mistrals_thoughts_are_parts_of_the_content() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    stream = chunk({"content": [thinking]}) + chunk({"content": [{"type": "text", "text": "Well"}]})
    stream += chunk({"content": [{"type": "text", "text": ""}]}) + STOP + DONE

    assert [block["type"] for block in message(translated(stream))["content"]] == ["thinking", "text"]


def test_a_refusal_is_a_text_and_a_reason_to_stop() -> None:
    stream = ROLE + chunk({"refusal": "I'd rather "}) + chunk({"refusal": "not."}) + STOP + DONE
    found = message(translated(stream))

    assert found["content"] == [{"type": "text", "text": "I'd rather not."}]
    assert found["stop_reason"] == "refusal"


def test_an_answer_without_content_is_a_message_without_content() -> None:
    """Azure's first chunk has no choice, and names no model; others have usage on each."""
    first = event({"id": "", "model": "", "choices": [], "prompt_filter_results": []})
    other = event({"choices": [{"index": 1, "delta": {"content": "another choice"}}, "x"]})
    stream = first + other + event({"choices": [{"delta": None, "finish_reason": "stop"}]}) + usage() + DONE
    found = message(translated(stream))

    assert (found["content"], found["model"], found["usage"]) == ([], "asked", SAID)


def test_a_stream_without_a_choice_is_no_answer() -> None:
    (only,) = events(translated(usage() + DONE))

    assert "no choice" in only["error"]["message"]


@pytest.mark.parametrize("end", [DONE, b"", b"data: [DONE]"], ids=["done", "nothing", "not closed"])
@pytest.mark.parametrize("finish", ["stop", ""])
def test_a_finish_reason_or_the_word_done_is_an_end(finish: str, end: bytes) -> None:
    """Snowflake gives no reason; others break off behind it."""
    said = translated(HI + chunk({}, finish) + end)

    if finish or end:
        assert message(said)["stop_reason"] == "end_turn"
    else:
        assert events(said)[-1]["type"] == "error"


def test_usage_that_groq_has_in_a_corner_counts() -> None:
    """And what has no counts in it changes nothing."""
    stream = HI + chunk({}, "stop", x_groq={"id": "r", "usage": USAGE}) + usage({"queue_time": 0.1}) + DONE

    assert message(translated(stream))["usage"] == SAID


@pytest.mark.parametrize(
    ("broken", "kind", "says"),
    [
        (b"", "api_error", "broke off"),
        (event({"error": {"message": "slow", "type": "rate_limit_error"}}), "rate_limit_error", "slow"),
        (event({"error": {"message": "full", "code": 529}}), "overloaded_error", "full"),
        (chunk({}, None, error={"message": "at the provider", "code": 502}), "api_error", "at the provider"),
        (chunk({}, "stop", x_groq={"error": "over capacity"}), "api_error", "over capacity"),
        (event({"object": "error", "message": "no such model", "code": 404}), "api_error", "no such model"),
        (chunk({}, "error") + DONE, "api_error", "failed before its answer was whole (error)"),
        (b"data: {\n\n", "api_error", "no JSON"),
        (b"data: []\n\n", "api_error", "no object"),
        (chunk({"content": [{"type": "image_url"}]}), "api_error", "content of type image_url"),
        (chunk({"content": 5}), "api_error", "content of type None"),
        (chunk(piece(0, "{}", id="a")), "api_error", "without a name"),
        (chunk({"tool_calls": [{"index": 0, "id": "a"}]}), "api_error", "else than a function"),
        (chunk(piece(0, "{", id="a", name="f")) + chunk(piece(1, "{", id="b", name="g"))
         + chunk(piece(0, "}")), "api_error", "among each other"),
        (chunk(piece(0, "{", id="a", name="f")) + HI + chunk(piece(0, "}")), "api_error", "among each other"),
    ],
)  # fmt: skip
def test_a_stream_that_is_not_whole_ends_with_an_error(broken: bytes, kind: str, says: str) -> None:
    """And with nothing behind it."""
    for rest in (b"", HI + STOP + DONE) if broken else (b"",):
        last = events(translated(HI + broken + rest))[-1]

        assert (last["type"], last["error"]["type"]) == ("error", kind)
        assert says in last["error"]["message"]


def test_halves_of_a_character_stay_halves() -> None:
    """A server may cut a pair of surrogates in two."""
    raw = b'data: {"choices": [{"delta": {"content": "%b"}}]}\n\n'
    said = translated(raw % b"\\ud83d" + raw % b"\\ude00" + STOP + DONE)

    assert b'"text":"\\ud83d"' in said.replace(b": ", b":")
    assert b'"text":"\\ude00"' in said.replace(b": ", b":")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
COUNTS = st.integers(0, 10**6)
CALLS = st.lists(
    st.tuples(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), st.dictionaries(TEXTS, TEXTS, max_size=3)),
    max_size=3,
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The same answer twice: as a stream of chunks, and in one piece."""
    thoughts, texts = draw(st.lists(TEXTS, max_size=3)), draw(st.lists(TEXTS, max_size=4))
    calls = [(f"call_{i}", *call) for i, call in enumerate(draw(CALLS))]
    finish = draw(st.sampled_from(["stop", "length", "tool_calls", "content_filter"]))
    cached, fresh, out = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    counts = {
        "prompt_tokens": cached + fresh,
        "completion_tokens": out,
        "total_tokens": cached + fresh + out,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": draw(st.integers(0, out))},
    }
    chunks = [chunk({"role": "assistant"})]
    chunks += [chunk({"reasoning_content": thought}) for thought in thoughts]
    chunks += [chunk({"content": text}) for text in texts]
    for i, (id, name, given_) in enumerate(calls):
        written = json.dumps(given_)
        at = draw(st.integers(0, len(written)))
        chunks.append(chunk(piece(i, written[:at], id=id, name=name)))
        chunks.append(chunk(piece(i, written[at:])))
    stream = b"".join(chunks) + chunk({}, finish) + usage(counts) + DONE
    said = {
        "role": "assistant",
        "content": "".join(texts) or None,
        "reasoning_content": "".join(thoughts) or None,
        "tool_calls": [
            {"id": id, "type": "function", "function": {"name": name, "arguments": json.dumps(given_)}}
            for id, name, given_ in calls
        ],
    }
    choice = {"index": 0, "message": said, "finish_reason": finish}
    whole = {"id": "chatcmpl-1", "model": "served", "choices": [choice], "usage": counts}
    return stream, json.dumps(whole).encode()


@given(answers(), PLACES)
def test_any_cutting_gives_the_same_bytes(answer: tuple[bytes, bytes], places: list[int]) -> None:
    assert translated(answer[0], places) == translated(answer[0])


@given(answers())
def test_who_reads_the_translation_reads_the_same_usage(answer: tuple[bytes, bytes]) -> None:
    """And that it is complete."""
    reader, ours = CHAT.reader(OPENAI, Asked(stream=True), {}), MessageStream()
    reader.feed(answer[0])
    ours.feed(translated(answer[0]))

    assert ours.report().complete
    assert ours.report().error is None
    assert ours.report().usage == reader.report().usage
    assert ours.report().model == reader.report().model == "served"


@given(answers())
def test_a_stream_comes_to_what_the_same_answer_in_one_piece_does(answer: tuple[bytes, bytes]) -> None:
    assert message(translated(answer[0])) == json.loads(cut(ChatWhole(BACK), answer[1]))


@given(st.one_of(st.binary(max_size=60), answers().map(lambda answer: answer[0])), PLACES)
def test_whatever_comes_it_never_raises_and_never_ends_in_silence(data: bytes, places: list[int]) -> None:
    """A stream that was cut anywhere tells, unless the end was all that it lacks."""
    cut_at = (places or [0])[0] % (len(data) + 1)
    last = events(translated(data[:cut_at], places))[-1]["type"]

    assert last in ("error", "message_stop")
