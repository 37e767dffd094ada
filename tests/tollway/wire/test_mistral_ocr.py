"""Mistral's OCR is billed by the pages it says it read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.mistral_ocr import MistralOCR

HERE = Endpoint(kind=Kind.INFERENCE, provider="mistral", host="api.mistral.ai", dialect="mistral_ocr")
OCR = MistralOCR()
USAGE = {"pages_processed": 3, "doc_size_bytes": 3_002_783}


def read(body: bytes, places: list[int] | None = None) -> Report:
    reader = OCR.reader(HERE, Asked(), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


def answer(image: str = "", **more: Any) -> bytes:
    pages = [{"index": 0, "markdown": "# Title", "images": [{"image_base64": image}], "dimensions": None}]
    return json.dumps({"pages": pages, "model": "mistral-ocr-4-1", "usage_info": USAGE, **more}).encode()


@given(st.lists(st.integers(0, 10**6), max_size=5), st.sampled_from([0, 10, 900_000]))
def test_the_pages_are_found_however_large_they_are(places: list[int], size: int) -> None:
    """Their images fill megabytes before the counts."""
    report = read(answer("iVBORw0K" * (size // 8)), places)

    assert report == Report(usage=Usage(pages=3), model="mistral-ocr-4-1", complete=True)


@pytest.mark.parametrize("usage", [None, {}, [], {"pages_processed": -1}, {"pages_processed": "3"}])
def test_what_is_no_count_is_absent(usage: Any) -> None:
    """The pages are billed nowhere else."""
    assert read(answer(usage_info=usage)).usage is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"object": "error", "message": "secret", "type": "invalid_file", "code": "1500"}, "invalid_file"),
        ({"detail": [{"msg": "secret"}]}, None),
    ],
)
def test_an_error_is_told_by_its_type(body: dict[str, Any], error: str | None) -> None:
    """Never by its text."""
    assert read(json.dumps(body).encode()) == Report(error=error, complete=True)


@pytest.mark.parametrize(
    ("pages", "billed"),
    [([0, 1, 5], Usage(pages=3)), ([], None), (None, None), ("0-5", None), (3, None)],
)
def test_a_request_that_lists_its_pages_tells_what_will_be_billed(pages: Any, billed: Usage | None) -> None:
    """Else the document tells."""
    body = {"model": "mistral-ocr-latest", "document": {"document_url": "https://a/b.pdf"}, "pages": pages}

    assert OCR.read_request(HERE, body) == Asked(model="mistral-ocr-latest", billed=billed)
    assert list(OCR.texts(body)) == []


def test_an_error_is_written_in_mistral_s_shape() -> None:
    """As its other operations."""
    assert json.loads(OCR.error(403, "no", "limit_reached"))["object"] == "error"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"usage_info":', b'{"object":"error","type":'):
        assert isinstance(read(opening + body), Report)
