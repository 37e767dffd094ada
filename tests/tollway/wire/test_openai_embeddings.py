"""Embeddings report their input, however long the vectors before it are."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.openai_embeddings import OpenAIEmbeddings

EMBEDDINGS = OpenAIEmbeddings()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_embeddings")


def read(body: bytes, places: list[int] | None = None) -> Report:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    reader = EMBEDDINGS.reader(HERE, Asked(), {"content-type": "application/json"})
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


def answer(vectors: int, **more: Any) -> bytes:
    data = [{"object": "embedding", "index": i, "embedding": [0.0023] * 100} for i in range(vectors)]
    return json.dumps({"object": "list", "data": data, "model": "text-embedding-3-small", **more}).encode()


@given(st.sampled_from([0, 1, 200]), st.lists(st.integers(0, 10**6), max_size=5))
def test_any_cutting_of_an_answer_of_any_length_gives_the_same(vectors: int, places: list[int]) -> None:
    body = answer(vectors, usage={"prompt_tokens": 8, "total_tokens": 8})

    assert read(body, places) == Report(
        usage=Usage(input_tokens=8), model="text-embedding-3-small", complete=True
    )


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"total_tokens": 5}, 5),
        ({"prompt_tokens": 0, "total_tokens": 0}, 0),
        ({"total_tokens": None}, None),
        (None, None),
    ],
)
def test_voyage_counts_a_total_alone(usage: object, tokens: int | None) -> None:
    expected = None if tokens is None else Usage(input_tokens=tokens)

    assert read(answer(1, usage=usage)).usage == expected


def test_an_error_tells_its_type() -> None:
    report = read(b'{"error": {"type": "invalid_request_error", "message": "no"}}')

    assert (report.error, report.usage) == ("invalid_request_error", None)


def test_a_request_is_read() -> None:
    body = {"model": "text-embedding-3-small", "input": ["a", "b"], "dimensions": 3}

    assert EMBEDDINGS.read_request(HERE, body) == Asked(model="text-embedding-3-small")
    assert list(EMBEDDINGS.texts(body)) == ["a", "b"]
    assert list(EMBEDDINGS.texts({"input": [1, 2, 3]})) == []


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    assert json.loads(EMBEDDINGS.error(403, "no", "limit_reached"))["error"]["code"] == "limit_reached"
