"""Recorded answers of Chat are Anthropic's once translated; requests become Chat's, or say why not."""

import json

import pytest
from anthropic.types import Message

from tests.corpus.answers import of_sse
from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tests.tollway.translation.chats import BACK, OPENAI, cut, events, message
from tollway.model import Asked, Report, Usage
from tollway.translation.back import translator
from tollway.translation.request import Request, chat_request
from tollway.translation.stream import ChatStream
from tollway.wire.anthropic_answer import MessageStream, MessageWhole
from tollway.wire.openai_chat import OpenAIChat

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

ANSWERS = [e for e in exchanges() if e.path.endswith("/chat/completions") and e.status == 200]
STREAMS = [e for e in ANSWERS if b"data:" in e.answer[:200]]
WHOLES = [e for e in ANSWERS if e.answer.startswith(b"{")]
ERRORS = [e for e in exchanges() if e.path.endswith("/chat/completions") and e.status >= 400]
ASKED = [e for e in exchanges() if e.path == "/v1/messages" and e.status == 200]
ALIKE = {"input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens"}
NO_COUNTERPART = (
    "has no counterpart in OpenAI Chat", "OpenAI Chat has nothing like it", "is the provider's own",
    "only the first provider has",
)  # fmt: skip


def known(recorded: list[Recorded]) -> list[str]:
    """Their names, for reports."""
    return [f"{e.n}-{e.host}" for e in recorded]


def shared(report: Report) -> dict[str, int]:
    """What was used, as far as Anthropic's usage can say it: audio it can't."""
    return {name: n for name, n in (report.usage or Usage()).known().items() if name in ALIKE}


def test_there_is_something_to_translate() -> None:
    assert min(len(STREAMS), len(WHOLES), len(ASKED)) > 25
    assert len(ERRORS) > 5


@pytest.mark.parametrize("exchange", STREAMS, ids=known(STREAMS))
def test_a_recorded_stream_is_one_of_anthropics(exchange: Recorded) -> None:
    """Each event is one that the official SDK knows, and what it used is what the Chat reader says."""
    chat = OpenAIChat().reader(OPENAI, Asked(stream=True), {})
    chat.feed(exchange.answer)
    said = cut(ChatStream(BACK), exchange.answer)
    assert said == cut(ChatStream(BACK), exchange.answer, range(0, len(exchange.answer), 7))
    if chat.report().error is not None:
        assert events(said)[-1]["type"] == "error"
        return

    reader = MessageStream()
    reader.feed(said)
    assert reader.report().complete
    assert shared(reader.report()) == shared(chat.report())
    assert Message.model_validate(message(said)).content
    texts = [block["text"] for block in message(said)["content"] if block["type"] == "text"]
    choices = [choice for chunk in of_sse(exchange.answer.decode()) for choice in chunk["choices"]]
    deltas = [choice["delta"] for choice in choices if not choice["index"]]
    assert "".join(texts) == "".join(delta.get("content") or "" for delta in deltas)


@pytest.mark.parametrize("exchange", WHOLES, ids=known(WHOLES))
def test_a_recorded_answer_is_a_message(exchange: Recorded) -> None:
    chat, reader = OpenAIChat().reader(OPENAI, Asked(), {}), MessageWhole()
    chat.feed(exchange.answer)
    said = cut(translator(BACK, 200, {"content-type": "application/json"}, False), exchange.answer)
    reader.feed(said)

    Message.model_validate_json(said)
    assert shared(reader.report()) == shared(chat.report())


@pytest.mark.parametrize("exchange", ERRORS, ids=known(ERRORS))
def test_a_recorded_error_says_what_it_said(exchange: Recorded) -> None:
    said = json.loads(cut(translator(BACK, exchange.status, {}, False), exchange.answer))

    assert said["type"] == "error"
    assert said["error"]["message"] in json.loads(exchange.answer)["error"]["message"]


def test_recorded_requests_are_translated_or_say_what_they_have_that_chat_has_not() -> None:
    found = [chat_request(e.asked, OPENAI, "gpt-5-mini") for e in ASKED]
    reasons = [why for why in found if not isinstance(why, Request)]

    assert [why for why in reasons if not any(known in why for known in NO_COUNTERPART)] == []
    assert 2 * len(reasons) < len(found)
