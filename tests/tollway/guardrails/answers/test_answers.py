"""Answers of every dialect come out as they came in, but for what filters change."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.dialects import (
    anthropic_messages,
    bedrock_converse,
    bedrock_invoke,
    cohere,
    gemini,
    ollama,
    openai_chat,
    openai_completions,
    openai_responses,
)
from tests.simulator.dialects.dialect import Asked, Dialect
from tests.simulator.event_stream import event
from tests.simulator.scenario import Scenario
from tests.tollway.guardrails.answers.filtering import (
    Heard,
    at_end,
    changed,
    cut,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import DONE, JSON, NDJSON, SSE, sse
from tollway.guardrails.answers import READINGS, What, reads, rewriting, whole
from tollway.guardrails.answers.array import Array
from tollway.guardrails.answers.events import Events
from tollway.guardrails.answers.frames import Frames
from tollway.guardrails.answers.lines import Lines
from tollway.guardrails.answers.unit import Cutter
from tollway.guardrails.escapes import KEPT
from tollway.inspection import read_answer
from tollway.inspection.conversation import Refusal, Text, Thinking, ToolCall
from tollway.wire import DIALECTS

FRAMES = "application/vnd.amazon.eventstream"
MADE: Sequence[tuple[str, Dialect, str, str]] = (
    ("openai_chat", openai_chat, "", SSE),
    ("openai_completions", openai_completions, "", SSE),
    ("openai_responses", openai_responses, "", SSE),
    ("anthropic_messages", anthropic_messages, "", SSE),
    ("gemini", gemini, "sse", SSE),
    ("gemini", gemini, "sse.code_assist", SSE),
    ("gemini", gemini, "array", JSON),
    ("gemini", gemini, "array.code_assist", JSON),
    ("cohere_chat", cohere, "", SSE),
    ("ollama", ollama, "lines.chat", NDJSON),
    ("ollama", ollama, "lines.generate", NDJSON),
    ("bedrock_converse", bedrock_converse, "aws", FRAMES),
    ("bedrock_invoke", bedrock_invoke, "aws", FRAMES),
)
"""A dialect, the simulator's module for it, a shape, and a content type."""
MADES = pytest.mark.parametrize(("dialect", "module", "shape", "media"), MADE)
SIZES = st.lists(st.integers(0, 40), min_size=1, max_size=4)


def said(dialect: str, body: bytes, media: str) -> list[str]:
    """Texts, thoughts and arguments of an answer, as it is read elsewhere, in no order of theirs."""
    return sorted(text for text in _said(dialect, body, media) if text)


def _said(dialect: str, body: bytes, media: str) -> Iterator[str]:
    for turn in read_answer(dialect, body, media).turns:
        for block in turn.blocks:
            if isinstance(block, Text | Thinking | Refusal):
                yield block.text
            elif isinstance(block, ToolCall):
                yield block.arguments


def test_each_dialect_is_one_of_the_wire() -> None:
    """So that what is recognised there is found here, and who asks is told of the others."""
    assert set(READINGS) <= set(DIALECTS)
    assert {dialect for dialect in DIALECTS if reads(dialect)} == set(READINGS)


@MADES
@given(
    scenario=st.builds(
        Scenario,
        events=st.integers(0, 6),
        thinking=st.integers(0, 3),
        finish=st.sampled_from(["stop", "length", "refusal", "failed", "error"]),
        text=st.none() | st.text(max_size=6),
    ),
    places=st.lists(st.integers(0, 9999), max_size=9),
    sizes=SIZES,
)
@settings(max_examples=25)
def test_a_stream_comes_out_as_filters_say(
    dialect: str,
    module: Dialect,
    shape: str,
    media: str,
    scenario: Scenario,
    places: list[int],
    sizes: list[int],
) -> None:
    """Byte for byte where they change nothing; else each text as its filter said it, wherever it is cut."""
    body = b"".join(module.events(Asked(stream=True, shape=shape), scenario))
    pieces = cut(body, places)
    plain, held, late = Heard(), Heard(), Heard()

    assert through(dialect, media, pieces, holding(plain)) == body

    out = through(dialect, media, pieces, holding(held, sizes, shift=True))
    assert held.fed == plain.fed
    assert {channel: changed(text) for channel, text in plain.fed.items()} == held.sent
    assert said(dialect, out, media) == sorted(changed(text) for text in said(dialect, body, media))

    again = through(dialect, media, pieces, holding(late, sizes))
    assert said(dialect, again, media) == said(dialect, body, media)


@MADES
def test_filters_are_fed_what_an_answer_says(dialect: str, module: Dialect, shape: str, media: str) -> None:
    """The texts that a reader of the whole conversation finds, and no other."""
    body = b"".join(module.events(Asked(stream=True, shape=shape), Scenario(thinking=2)))
    heard = Heard()

    through(dialect, media, [body], holding(heard))

    assert sorted(heard.fed.values()) == said(dialect, body, media)


@MADES
def test_a_stream_ends_where_a_filter_ends_it(dialect: str, module: Dialect, shape: str, media: str) -> None:
    """What came before it stays, and readers take it for whole."""
    body = b"".join(module.events(Asked(stream=True, shape=shape), Scenario(events=20)))

    out = through(dialect, media, [body], stopping("simulator"))

    assert said(dialect, out, media) == ["The "]
    assert b"answers" not in out
    assert read_answer(dialect, out, media).remarks == ()
    assert len(out) < len(body)


@MADES
@given(
    scenario=st.builds(Scenario, thinking=st.integers(0, 1), text=st.none() | st.text(max_size=9)),
    sizes=SIZES,
)
@settings(max_examples=15)
def test_a_whole_answer_comes_out_as_filters_say(
    dialect: str, module: Dialect, shape: str, media: str, scenario: Scenario, sizes: list[int]
) -> None:
    """And says of what was held back nothing less."""
    body = module.whole(
        Asked(shape=shape.replace("lines.", "").replace("array", "").replace("sse", "")), scenario
    )
    heard = Heard()

    assert whole_through(dialect, body, holding(heard, sizes)) == body
    out = whole_through(dialect, body, holding(Heard(), sizes, shift=True))

    assert said(dialect, out, JSON) == sorted(changed(text) for text in said(dialect, body, JSON))
    assert sorted(heard.fed.values()) == said(dialect, body, JSON)


@MADES
@given(scenario=st.builds(Scenario, thinking=st.integers(0, 1), text=st.none() | st.text(max_size=9)))
@settings(max_examples=15)
def test_who_knows_sooner_that_a_whole_answer_passes_is_asked_about_the_same_texts(
    dialect: str, module: Dialect, shape: str, media: str, scenario: Scenario
) -> None:
    body = module.whole(
        Asked(shape=shape.replace("lines.", "").replace("array", "").replace("sse", "")), scenario
    )
    told, heard = list[str](), Heard()

    def passes(texts: Sequence[str]) -> bool:
        told.extend(texts)
        return True

    assert whole(dialect, body, at_end, passes) == body
    whole_through(dialect, body, holding(heard))
    assert sorted(filter(None, told)) == sorted(filter(None, heard.fed.values()))


@pytest.mark.parametrize(
    ("dialect", "media"),
    [
        ("openai_embeddings", SSE),
        ("nobody's", SSE),
        ("openai_chat", JSON),
        ("openai_chat", FRAMES),
        ("bedrock_converse", JSON),
    ],
)
def test_what_is_no_stream_is_not_rewritten(dialect: str, media: str) -> None:
    """Nor what is not read here."""
    assert rewriting(dialect, media, holding(Heard())) is None


@pytest.mark.parametrize(
    "media", ["", "text/event-stream", "Text/Event-Stream; charset=UTF-8", "application/octet-stream"]
)
def test_a_stream_that_says_nothing_of_itself_is_one_of_events(media: str) -> None:
    """As some providers send it: a guardrail that is not looked for is none."""
    heard = Heard()
    body = sse({"choices": [{"delta": {"content": "x"}}]})

    assert through("openai_chat", media, [body], holding(heard)) == body
    assert heard.texts(What.TEXT) == ["x"]


@pytest.mark.parametrize("body", [b"", b" \n", b'{"choices": 1}'])
def test_what_says_nothing_stays_as_it_is(body: bytes) -> None:
    assert whole_through("openai_chat", body, holding(Heard(), (9,), True)) == body


@pytest.mark.parametrize(
    "body", [b"no JSON", b"[1, 2]", b'{"choices": [{"message": {"content": "of blue', b"{{", b"\xff\xfe{}"]
)
@pytest.mark.parametrize("dialect", ["openai_chat", "gemini", "bedrock_converse"])
def test_what_is_no_answer_is_said_to_be_none_and_heard_as_it_is(dialect: str, body: bytes) -> None:
    """It passed unread."""
    heard = Heard()

    assert whole(dialect, body, holding(heard)) is None
    assert "".join(heard.texts(What.UNREAD)) == (body.decode("utf-8", KEPT) if len(body) > 2 else "")


def test_a_whole_answer_of_an_unknown_dialect_is_not_read() -> None:
    """Who asks is told."""
    assert whole("openai_embeddings", b"{}", holding(Heard())) is None


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("openai_chat", sse({"choices": [{"delta": {"content": "se"}}]}) + DONE),
        ("ollama", b'{"response": "se"}\n{"response": "", "done": true}\n'),
        ("gemini", b'[{"candidates": [{"content": {"parts": [{"text": "se"}]}}]}]'),
    ],
)
def test_a_stream_that_came_as_a_whole_is_one_all_the_same(dialect: str, body: bytes) -> None:
    """Whatever was said of it."""
    out = whole_through(dialect, body, holding(Heard(), (0,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""')


def chunk(message: dict[str, Any]) -> bytes:
    """A message as InvokeModel has it."""
    return event("chunk", {"bytes": b64encode(orjson.dumps(message)).decode()})


KEYS = (
    "contentBlockDelta contentBlockStart contentBlockStop contentBlockIndex generation outputs "
    "type event_type index delta message content text thinking choices tool_calls function arguments name id"
    " finish_reason response output item part candidates parts functionCall args partialArgs output_index"
    " error summary chat_history content_block input stop_reason reasoning_details refusal done tool_plan"
).split()
TYPES = (
    "content_block_delta content_block_start content_block_stop text_delta input_json_delta message_delta"
    " response.output_item.done response.output_text.delta response.output_text.done response.completed"
    " response.content_part.done output_text message content-delta message-end stream-end text-generation"
).split()
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.sampled_from([*TYPES, "x", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


def known(dialect: str) -> list[bytes]:
    """Messages as the dialect has them."""
    found = list[bytes]()
    for name, module, shape, media in MADE:
        if name == dialect:
            body = b"".join(module.events(Asked(stream=True, shape=shape), Scenario(thinking=1, events=2)))
            found += [unit.data for unit in CUTTERS[media]().feed(body) if unit.data[:1] == b"{"]
    return found or [b'{"delta": {"text": "x"}, "content": "x", "type": "message.output.delta"}']


CUTTERS: dict[str, Callable[[], Cutter]] = {SSE: Events, JSON: Array, NDJSON: Lines, FRAMES: Frames}


@st.composite
def almost(draw: st.DrawFn, messages: Sequence[bytes]) -> dict[str, Any]:
    """A message with something else somewhere in it, or something less."""
    message: dict[str, Any] = orjson.loads(draw(st.sampled_from(messages)))
    owner: Any = message
    while True:
        step = draw(st.sampled_from([*owner] if isinstance(owner, dict) else [*range(len(owner))]))
        if not isinstance(owner[step], dict | list) or not owner[step] or draw(st.booleans()):
            break
        owner = owner[step]
    owner[step] = draw(ANY)
    return message


@pytest.mark.parametrize("dialect", READINGS)
@given(data=st.data(), sizes=SIZES)
@settings(max_examples=40)
def test_any_messages_pass(dialect: str, data: st.DataObject, sizes: list[int]) -> None:
    """What a stranger writes breaks nothing, and comes out as it came where no filter changes it."""
    any_message = st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6)
    message = st.one_of(
        any_message, almost(known(dialect)), st.sampled_from(known(dialect)).map(orjson.loads)
    )
    messages = data.draw(st.lists(message, max_size=5))
    media = FRAMES if dialect.startswith("bedrock") else SSE
    body = b"".join(chunk(message) if media == FRAMES else sse(message) for message in messages)

    assert through(dialect, media, [body], holding(Heard())) == body
    for filters in (stopping("x"), stopping("e"), holding(Heard(), sizes, True), at_end):
        assert through(dialect, media, [body], filters)[:0] == b""
    for message in messages:
        assert whole_through(dialect, orjson.dumps(message), holding(Heard(), sizes)) == orjson.dumps(message)
        assert whole_through(dialect, orjson.dumps(message), stopping("e"))[:1] == b"{"
