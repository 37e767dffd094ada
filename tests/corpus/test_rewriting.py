"""Every recorded answer of a model goes through filters, and comes out as they say, to the byte."""

import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tests.corpus.road import registry
from tests.tollway.guardrails.answers.filtering import Heard, changed, cut, holding
from tollway.guardrails.answers import READINGS, Filters, rewriting, whole
from tollway.inspection import read_answer
from tollway.inspection.conversation import Block, Text, Thinking
from tollway.inspection.typed_part import NOT_SHOWN
from tollway.providers.recognise import recognise

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)


OURS = (NOT_SHOWN, "[vectors:")
"""What a reader says of what is no text."""


def answered() -> Iterator[tuple[Recorded, str, str]]:
    """The recorded answers, what they are written in, and their content type."""
    for exchange in exchanges():
        port = urlsplit(exchange.row["uri"]).port or 443
        endpoint = recognise(registry(), exchange.host, port, exchange.method, exchange.path)
        if endpoint is not None and endpoint.dialect in READINGS and exchange.status == 200:
            yield exchange, endpoint.dialect, exchange.headers.get("content-type", "")


ANSWERED = tuple(answered())


def through(exchange: Recorded, dialect: str, media: str, filters: Filters, places: list[int]) -> bytes:
    """What comes out, as a stream where it is one."""
    rewriter = rewriting(dialect, media, filters)
    if rewriter is None:
        return whole(dialect, exchange.answer, filters) or b""
    return b"".join([*map(rewriter.feed, cut(exchange.answer, places)), rewriter.end()])


def places(exchange: Recorded) -> list[int]:
    """Where the network may have cut: some hundred places, always the same ones."""
    return [zlib.crc32(b"%d %d" % (exchange.n, i)) for i in range(300)]


def texts(dialect: str, body: bytes, media: str) -> list[str]:
    """What is said and thought, as it is read elsewhere."""
    blocks: list[Block] = [block for turn in read_answer(dialect, body, media).turns for block in turn.blocks]
    return [
        block.text
        for block in blocks
        if isinstance(block, Text | Thinking) and not block.text.startswith(OURS)
    ]


def test_there_are_answers_of_all_kinds() -> None:
    """Streams and wholes, of five dialects."""
    kinds = {(dialect, rewriting(dialect, media, holding(Heard())) is None) for _, dialect, media in ANSWERED}

    assert len(ANSWERED) > 700
    assert len(kinds) > 7, kinds


def test_what_no_filter_changes_comes_out_as_it_came() -> None:
    """To the byte, wherever it was cut."""
    for exchange, dialect, media in ANSWERED:
        out = through(exchange, dialect, media, holding(Heard()), places(exchange))

        assert out == exchange.answer, exchange


@pytest.mark.parametrize("sizes", [(0,), (3,), (0, 7, 1), (1_000_000,)])
def test_each_text_comes_out_as_its_filter_said_it(sizes: tuple[int, ...]) -> None:
    """Whatever filters held back meanwhile."""
    for exchange, dialect, media in ANSWERED:
        out = through(exchange, dialect, media, holding(Heard(), sizes, shift=True), places(exchange))

        before, after = (texts(dialect, body, media) for body in (exchange.answer, out))
        assert after == [changed(text) for text in before], exchange


def test_filters_are_fed_what_answers_say() -> None:
    """All of it; of thoughts in several parts a reader puts blank lines between."""
    for exchange, dialect, media in ANSWERED:
        heard = Heard()
        through(exchange, dialect, media, holding(heard), [])

        fed = "\0".join(heard.fed.values())
        parts = [part for text in texts(dialect, exchange.answer, media) for part in text.split("\n\n")]
        assert all(part in fed for part in parts), exchange
