"""Every recorded call of a model is read as a conversation: nothing is broken, next to nothing unknown."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import orjson
import pytest

from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tests.corpus.road import registry
from tollway.inspection import Answer, Conversation, as_text, read_answer, read_request
from tollway.inspection.conversation import Other
from tollway.model import Kind
from tollway.providers.recognise import recognise

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)


def chats() -> Iterator[tuple[Recorded, str]]:
    """The recorded calls that were answered, and what they are written in."""
    for exchange in exchanges():
        port = urlsplit(exchange.row["uri"]).port or 443
        endpoint = recognise(registry(), exchange.host, port, exchange.method, exchange.path)
        answered = exchange.status == 200 and bool(exchange.asked)
        if endpoint is not None and endpoint.kind is Kind.INFERENCE and endpoint.dialect and answered:
            yield exchange, endpoint.dialect


CHATS = tuple(chats())


def read(exchange: Recorded, dialect: str) -> Conversation:
    """Its request and its answer."""
    asked = read_request(dialect, orjson.dumps(exchange.asked))
    return asked.followed_by(read_answer(dialect, exchange.answer, exchange.headers.get("content-type", "")))


def test_nearly_all_have_a_question_and_an_answer() -> None:
    """All but answers that are made in the background, and what was asked by a template of the provider's."""
    silent = [chat for chat in CHATS if len(read(*chat).turns) < 2]

    assert len(CHATS) > 700
    assert len(silent) < 20, silent


def test_nothing_is_broken() -> None:
    """Remarks are errors that providers told within their answers."""
    remarks = {remark for chat in CHATS for remark in read(*chat).remarks}

    assert {remark for remark in remarks if not remark.startswith("error: ")} == set()


def test_next_to_nothing_is_unknown() -> None:
    """Of what is said, one block in a hundred is shown as JSON: tools that providers list, for instance."""
    blocks = [block for chat in CHATS for turn in read(*chat).turns for block in turn.blocks]
    unknown = [block for block in blocks if isinstance(block, Other) and block.text.startswith("{")]

    assert len(unknown) * 100 < len(blocks), [block.kind for block in unknown]


def test_a_stream_shows_the_same_byte_by_byte() -> None:
    """And is the same text in the end."""
    for exchange, dialect in CHATS[::25]:
        media = exchange.headers.get("content-type", "")
        answer = Answer(dialect, media)
        for byte in exchange.answer[:20_000]:
            answer.feed(bytes([byte]))

        whole = read_answer(dialect, exchange.answer[:20_000], media)

        assert as_text(answer.conversation()) == as_text(whole), exchange
