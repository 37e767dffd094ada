"""Reranking reports tokens or searches, in one of several corners."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.openai_rerank import OpenAIRerank

RERANK = OpenAIRerank()
HERE = Endpoint(kind=Kind.INFERENCE, provider="together", host="h", dialect="openai_rerank")


def read(body: bytes, places: list[int] | None = None) -> Report:
    reader = RERANK.reader(HERE, Asked(), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


def answer(ranked: int = 2, **more: Any) -> bytes:
    results = [{"index": i, "relevance_score": 0.5, "document": {"text": "x" * 900}} for i in range(ranked)]
    return json.dumps({"id": "r-1", "model": "ranker", "results": results, **more}).encode()


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({"usage": {"total_tokens": 150}}, Usage(input_tokens=150)),
        ({"usage": {"prompt_tokens": 150, "total_tokens": 150}}, Usage(input_tokens=150)),
        ({"usage": {"prompt_tokens": 150, "completion_tokens": 0, "total_tokens": 150}},
         Usage(input_tokens=150, output_tokens=0)),
        ({"usage": {"search_units": 2, "total_tokens": 150}}, Usage(requests=2)),
        ({"meta": {"billed_units": {"search_units": 1}}}, Usage(requests=1)),
        ({"meta": {"tokens": {"input_tokens": 31, "output_tokens": 0}}},
         Usage(input_tokens=31, output_tokens=0)),
        ({"usage": {}, "meta": {"billed_units": {"input_tokens": 31}}}, Usage(input_tokens=31)),
        ({"usage": None, "meta": []}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_an_answer_says_what_is_billed(told: dict[str, Any], usage: Usage | None) -> None:
    assert read(answer(**told)) == Report(usage=usage, model="ranker", id="r-1", complete=True)


@given(st.sampled_from([0, 3, 500]), st.lists(st.integers(0, 10**6), max_size=5))
def test_any_cutting_of_an_answer_of_any_length_gives_the_same(ranked: int, places: list[int]) -> None:
    """Documents that come back may be many."""
    assert read(answer(ranked, usage={"total_tokens": 9}), places).usage == Usage(input_tokens=9)


def test_openrouter_says_what_it_billed() -> None:
    report = read(answer(usage={"cost": 0.002, "search_units": 1, "total_tokens": 150}))

    assert (report.cost_nano, report.usage) == (2_000_000, Usage(requests=1))


def test_an_error_tells_its_type() -> None:
    assert read(b'{"error": {"type": "invalid_request_error"}}').error == "invalid_request_error"


def test_a_request_is_read() -> None:
    """Texts are the query and the documents, plain or not."""
    body = {"model": "ranker", "query": "q", "documents": ["a", {"text": "b"}], "top_n": 1}

    assert RERANK.read_request(HERE, body) == Asked(model="ranker")
    assert list(RERANK.texts(body)) == ["q", "a", "b"]


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    assert json.loads(RERANK.error(403, "no", "limit_reached"))["error"]["code"] == "limit_reached"
