"""Embeddings of Gemini and Vertex report their input, or nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.gemini import Gemini
from tollway.wire.gemini_embeddings import GeminiEmbeddings

DIALECT = GeminiEmbeddings()
ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="gemini", host="h", model="e", stream=False)


def report(body: Any) -> Report:
    reader = DIALECT.reader(ENDPOINT, Asked(), {"content-type": "application/json"})
    reader.feed(json.dumps(body).encode())
    assert reader.delivered() == b""
    return reader.report()


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        (  # the Gemini API, as recorded: "promptTokenDetails"
            {"embeddings": [{"values": [0.5]}],
             "usageMetadata": {"promptTokenCount": 14,
                               "promptTokenDetails": [{"modality": "TEXT", "tokenCount": 10},
                                                      {"modality": "IMAGE", "tokenCount": 4}]}},
            Usage(input_tokens=14, input_image_tokens=4),
        ),
        (  # Vertex, as recorded
            {"embedding": {"values": [0.5]},
             "usageMetadata": {"promptTokenCount": 11, "totalTokenCount": 11,
                               "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 11}]}},
            Usage(input_tokens=11),
        ),
        (
            {"predictions": [{"embeddings": {"statistics": {"token_count": 4}}},
                             {"embeddings": {"statistics": {"tokenCount": 5}}}],
             "metadata": {"billableCharacterCount": 30}},
            Usage(input_tokens=9, characters=30),
        ),
        ({"metadata": {"billableCharacterCount": 30}}, Usage(characters=30)),
        ({"embeddings": [{"values": [0.5]}]}, None),
        ({"predictions": [5, {}, {"embeddings": 5}]}, None),
        ({"predictions": 5, "usageMetadata": 5}, None),
    ],
)  # fmt: skip
def test_what_is_reported_is_read(body: Any, usage: Usage | None) -> None:
    assert report(body) == Report(usage=usage, complete=True)


def test_the_end_of_a_huge_answer_has_its_usage() -> None:
    body = {"embeddings": [{"values": [0.0] * 1_000_000}], "usageMetadata": {"promptTokenCount": 14}}

    assert report(body) == Report(usage=Usage(input_tokens=14), complete=True)


def test_an_error_is_known_by_its_status() -> None:
    assert report({"error": {"status": "NOT_FOUND"}}) == Report(error="NOT_FOUND", complete=True)
    assert report({"error": "?"}) == Report(error="error", complete=True)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"content": {"parts": [{"text": "a"}]}, "taskType": "QUERY"}, ["a"]),
        ({"requests": [{"model": "models/e", "content": {"parts": [{"text": "a"}]}}, 5, {}]}, ["a"]),
        ({"instances": [{"content": "a"}, {"content": "b"}]}, ["a", "b"]),
        ({"requests": 5}, []),
    ],
)
def test_texts_are_what_is_to_be_embedded(body: dict[str, Any], texts: list[str]) -> None:
    assert list(DIALECT.texts(body)) == texts


def test_the_path_names_the_model() -> None:
    assert DIALECT.read_request(ENDPOINT, {"model": "models/other"}) == Asked(model="e")


def test_errors_are_googles() -> None:
    assert DIALECT.error(429, "m", "c") == Gemini().error(429, "m", "c")


@given(st.lists(st.integers(0, 200), max_size=6))
def test_any_cutting_gives_the_same_report(places: list[int]) -> None:
    data = json.dumps({"embeddings": [{"values": [0.5]}], "usageMetadata": {"promptTokenCount": 3}}).encode()
    reader = DIALECT.reader(ENDPOINT, Asked(), {})
    ends = sorted(p % (len(data) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(data)], strict=True):
        reader.feed(data[a:b])

    assert reader.report() == Report(usage=Usage(input_tokens=3), complete=True)
