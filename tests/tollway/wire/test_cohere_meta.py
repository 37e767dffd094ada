"""Cohere's other operations report what is billed in their `meta`."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.cohere_meta import CohereMeta

HERE = Endpoint(kind=Kind.INFERENCE, provider="cohere", host="api.cohere.com", dialect="cohere_meta")
META = CohereMeta()


def read(body: bytes, places: list[int] | None = None) -> Report:
    reader = META.reader(HERE, Asked(), {"content-type": "application/json"})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        ({"embeddings": {"float": [[0.5]]}, "meta": {"billed_units": {"input_tokens": 4}}},
         Usage(input_tokens=4)),
        ({"results": [{"index": 0}], "meta": {"billed_units": {"search_units": 1}}}, Usage(requests=1)),
        ({"classifications": [{}], "meta": {"billed_units": {"classifications": 2}}}, Usage(requests=2)),
        ({"pages": [{}], "meta": {"billed_units": {"pages": 3}}}, Usage(pages=3)),
        ({"summary": "S", "meta": {"billed_units": {"input_tokens": 9, "output_tokens": 1}}},
         Usage(input_tokens=9, output_tokens=1)),
        ({"results": [], "meta": {"api_version": {"version": "2"}}}, None),
        ({"results": []}, None),
    ],
    ids=["embed", "rerank", "classify", "parse", "summarize", "no units", "no meta"],
)  # fmt: skip
def test_an_answer_reports_its_billed_units(answer: dict[str, Any], usage: Usage | None) -> None:
    """Whatever it was asked for."""
    body = json.dumps({"id": "a-1", **answer}).encode()

    assert read(body) == Report(usage=usage, id="a-1", complete=True)


@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_the_meta_is_found_behind_any_number_of_vectors(places: list[int]) -> None:
    """However the bytes are cut."""
    vectors = {"float": [[0.0123456789] * 1024] * 30}
    meta = {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 4}}

    report = read(
        json.dumps({"id": "a", "embeddings": vectors, "meta": meta, "texts": ["x"]}).encode(), places
    )

    assert (report.usage, report.complete) == (Usage(input_tokens=4), True)


def test_an_error_is_told_without_its_text() -> None:
    """It is a message, and has no `meta`."""
    assert read(b'{"message":"secret"}') == Report(error="error", complete=True)


def test_a_request_is_read() -> None:
    """Its model stands nowhere else."""
    assert META.read_request(HERE, {"model": "embed-v4.0", "texts": ["a"]}) == Asked(model="embed-v4.0")
    assert META.read_request(HERE, {"model": 1}) == Asked()


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"texts": ["a", "b"], "input_type": "search_query"}, ["a", "b"]),
        ({"inputs": [{"content": [{"type": "text", "text": "a"}, {"type": "image_url"}]}]}, ["a"]),
        ({"query": "q", "documents": ["a", {"text": "b"}]}, ["q", "a", "b"]),
        ({"inputs": ["a"], "examples": [{"text": "e", "label": "l"}]}, ["a", "e", "l"]),
        ({"text": "long"}, ["long"]),
        ({"texts": 5, "inputs": None}, []),
    ],
    ids=["embed", "mixed", "rerank", "classify", "summarize", "wrong types"],
)
def test_the_texts_are_what_the_model_reads(body: dict[str, Any], texts: list[str]) -> None:
    """For an estimate, where nothing is reported."""
    assert list(META.texts(body)) == texts


def test_an_error_is_written_in_cohere_s_shape() -> None:
    """As by its chat."""
    assert json.loads(META.error(403, "no", "limit_reached"))["message"] == "no"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"meta":', b'{"message":'):
        assert isinstance(read(opening + body), Report)
