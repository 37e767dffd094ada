"""What the relay cuts out of a recorded stream is the chunk that has usage alone, and nothing else."""

import pytest

from tests.corpus.answers import of_sse
from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tollway.wire.usage_chunk import UsageChunk

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

STREAMS = [e for e in exchanges() if e.path.endswith("/chat/completions") and b"data:" in e.answer[:200]]


def test_there_are_streams_to_cut() -> None:
    assert len(STREAMS) > 25


@pytest.mark.parametrize("exchange", STREAMS, ids=[f"{e.n}-{e.host}" for e in STREAMS])
def test_the_chunk_of_usage_alone_is_cut_out(exchange: Recorded) -> None:
    chunks = of_sse(exchange.answer.decode())
    alone = [chunk for chunk in chunks if chunk.get("choices") == [] and chunk.get("usage")]
    relay = UsageChunk()

    relayed = relay.feed(exchange.answer) + relay.flush()

    assert of_sse(relayed.decode()) == [chunk for chunk in chunks if chunk not in alone]
    assert len(relayed) == len(exchange.answer) or alone
