"""Voyage, and who answers like it, report a total of tokens."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.voyage import Voyage

HERE = Endpoint(kind=Kind.INFERENCE, provider="voyage", host="api.voyageai.com", dialect="voyage")
VOYAGE = Voyage()


def read(body: bytes, places: list[int] | None = None) -> Report:
    reader = VOYAGE.reader(HERE, Asked(), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


def answer(usage: object, vectors: int = 1, **more: Any) -> bytes:
    data = [{"object": "embedding", "embedding": [0.0123456789] * 1024, "index": 0}] * vectors
    return json.dumps({"object": "list", "data": data, "model": "voyage-4", "usage": usage, **more}).encode()


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"total_tokens": 15}, Usage(input_tokens=15)),
        ({"total_tokens": 15, "prompt_tokens": 15}, Usage(input_tokens=15)),
        ({"prompt_tokens": 15}, Usage(input_tokens=15)),
        (
            {"text_tokens": 5, "image_pixels": 2_000_000, "total_tokens": 3576},
            Usage(input_tokens=3576, input_image_tokens=3571),
        ),
        (
            {"text_tokens": 5, "image_pixels": 560_000, "video_pixels": 1_120_000, "total_tokens": 2005},
            Usage(input_tokens=2005, input_image_tokens=1000, input_video_tokens=1000),
        ),
        (
            {"text_tokens": 5, "image_pixels": 0, "video_pixels": 0, "total_tokens": 5},
            Usage(input_tokens=5, input_image_tokens=0, input_video_tokens=0),
        ),
        (
            {"text_tokens": 5, "video_pixels": 1120, "total_tokens": 6},
            Usage(input_tokens=6, input_image_tokens=0, input_video_tokens=1),
        ),
        ({"text_tokens": 9, "total_tokens": 5}, Usage(input_tokens=5, input_image_tokens=0)),
        ({"video_pixels": 9, "total_tokens": 5}, Usage(input_tokens=5)),
        ({"text_tokens": 9}, None),
        ({"total_tokens": "15"}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_total_is_the_input_and_what_is_no_text_is_told(usage: Any, expected: Usage | None) -> None:
    """An image has a token for each 560 pixels; of 2,005 - 5 tokens 1,000 are images, the rest videos."""
    assert read(answer(usage)) == Report(usage=expected, model="voyage-4", complete=True)


@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_the_usage_is_found_behind_any_number_of_vectors(places: list[int]) -> None:
    """However the bytes are cut."""
    report = read(answer({"total_tokens": 90}, vectors=40), places)

    assert (report.usage, report.complete) == (Usage(input_tokens=90), True)


def test_what_the_provider_billed_is_taken() -> None:
    """Perplexity's embeddings say it."""
    cost = {"currency": "USD", "input_cost": 0.0000012, "total_cost": 0.0000012}

    report = read(answer({"prompt_tokens": 40, "total_tokens": 40, "cost": cost}))

    assert report.cost_nano == 1200


def test_an_error_is_told_without_its_text() -> None:
    """`detail`, of whatever kind."""
    assert read(b'{"detail":"Model secret is not supported."}') == Report(error="error", complete=True)
    assert read(b'{"detail":[{"msg":"secret"}]}') == Report(error="error", complete=True)


def test_a_request_is_read() -> None:
    """Nothing streams."""
    assert VOYAGE.read_request(HERE, {"model": "voyage-4", "stream": True}) == Asked(model="voyage-4")
    assert VOYAGE.read_request(HERE, {"model": ["voyage-4"]}) == Asked()


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"input": "a"}, ["a"]),
        ({"input": ["a", "b"], "input_type": "query"}, ["a", "b"]),
        ({"inputs": [["a", "b"], ["c"]]}, ["a", "b", "c"]),
        (
            {
                "inputs": [
                    {"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": "u"}]}
                ]
            },
            ["a"],
        ),
        ({"documents": ["a", "b"], "query": "q"}, ["q", "a", "b"]),
        ({"input": ["a"], "labels": ["l"]}, ["a", "l"]),
        ({"texts": ["a"], "task_type": "search_query"}, ["a"]),
        ({"input": 5}, []),
    ],
    ids=["one", "many", "contextualized", "multimodal", "rerank", "classify", "nomic", "wrong types"],
)
def test_the_texts_are_what_the_model_reads(body: dict[str, Any], texts: list[str]) -> None:
    """For an estimate, where nothing is reported."""
    assert list(VOYAGE.texts(body)) == texts


def test_an_error_is_written_as_its_sdk_reads_it() -> None:
    """It raises the `detail`."""
    assert json.loads(VOYAGE.error(403, "no", "limit_reached")) == {"detail": "no", "code": "limit_reached"}


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"usage":', b'{"detail":'):
        assert isinstance(read(opening + body), Report)
