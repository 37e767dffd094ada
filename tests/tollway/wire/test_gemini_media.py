"""Google's images are billed as they were made, its videos as they were asked for."""

import json
from typing import Any

import pytest
from google.genai.errors import APIError
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.gemini_media import GeminiImages, GeminiVideos

HERE = Endpoint(kind=Kind.INFERENCE, provider="gemini", host="h", model="imagen-4.0-generate-001")
IMAGES, VIDEOS = GeminiImages(), GeminiVideos()


def read(body: bytes, places: list[int] | None = None) -> Reader:
    reader = IMAGES.reader(HERE, Asked(), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def image(size: int = 8) -> dict[str, str]:
    return {"mimeType": "image/png", "bytesBase64Encoded": "iVBORw0K" * (size // 8)}


STORED = {"mimeType": "image/png", "gcsUri": "gs://bucket/a.png"}
FILTERED = {"raiFilteredReason": "The image showed what it must not."}


@given(
    st.lists(st.sampled_from([image(), image(90_000), STORED, FILTERED]), max_size=4),
    st.lists(st.integers(0, 10**6), max_size=6),
)
def test_images_that_were_made_are_counted(predictions: list[dict[str, str]], places: list[int]) -> None:
    """However large they are and however the bytes are cut; what was filtered out is not billed."""
    reader = read(json.dumps({"predictions": predictions}).encode(), places)

    made = sum("raiFilteredReason" not in p for p in predictions)
    assert reader.report() == Report(usage=Usage(images=made), complete=True)
    assert reader.delivered() == b""


def test_a_name_cut_in_two_anywhere_is_counted_once() -> None:
    """Byte by byte, too."""
    body = json.dumps({"predictions": [image(), STORED, image()]}).encode()

    for place in range(len(body)):
        assert read(body, [place]).report().usage == Usage(images=3)
    assert read(body, list(range(len(body)))).report().usage == Usage(images=3)


def test_a_text_that_names_an_image_is_none() -> None:
    """Quotes inside a string are escaped."""
    body = json.dumps({"predictions": [{"raiFilteredReason": '"gcsUri" "bytesBase64Encoded"'}]}).encode()

    assert read(body).report().usage == Usage(images=0)


def test_a_cut_answer_has_the_images_that_came() -> None:
    """They will be billed."""
    body = json.dumps({"predictions": [image(), image(90_000)]}).encode()[:-20_000]

    assert read(body).report() == Report(usage=Usage(images=2))
    assert read(body[:15]).report() == Report()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 400, "message": "secret", "status": "INVALID_ARGUMENT"}, "INVALID_ARGUMENT"),
        ("secret", "error"),
    ],
)
def test_an_error_is_told_by_its_status(error: Any, kind: str) -> None:
    """Of images and videos."""
    body = json.dumps({"error": error}).encode()
    video = VIDEOS.reader(HERE, Asked(billed=Usage(seconds=8)), {})
    video.feed(body)

    assert read(body).report() == video.report() == Report(error=kind, complete=True)


def test_a_request_for_images_says_how_many_it_wants() -> None:
    """The path has the model."""
    body = {"instances": [{"prompt": "A fox"}], "parameters": {"sampleCount": 3}}

    assert IMAGES.read_request(HERE, body) == Asked(model="imagen-4.0-generate-001", billed=Usage(images=3))
    assert IMAGES.read_request(HERE, {"parameters": 3}) == Asked(model="imagen-4.0-generate-001")
    assert list(IMAGES.texts(body)) == []


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ({"durationSeconds": 6, "sampleCount": 2}, 12),
        ({"durationSeconds": "4", "numberOfVideos": 1}, 4),
        ({"durationSeconds": "long"}, 8),
        ({"durationSeconds": -1, "sampleCount": 0}, 8),
        ({}, 8),
        (None, 8),
    ],
)
def test_a_request_for_videos_says_what_they_will_cost(parameters: Any, seconds: int) -> None:
    """So many clips of so many seconds; of 8 where it does not say."""
    asked = VIDEOS.read_request(HERE, {"instances": [{"prompt": "A fox"}], "parameters": parameters})
    reader = VIDEOS.reader(HERE, asked, {})

    reader.feed(b'{"name": "models/veo-3.1-generate-preview/operations/abc"}')

    assert asked.billed == Usage(seconds=seconds)
    assert reader.report() == Report(
        usage=Usage(seconds=seconds), id="models/veo-3.1-generate-preview/operations/abc", complete=True
    )
    assert reader.delivered() == b""


def test_an_error_is_written_in_google_s_shape() -> None:
    """As its SDK raises it."""
    error = json.loads(IMAGES.error(402, "limit team-month", "limit_reached"))

    assert APIError(402, error).message == "limit team-month"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"predictions":[{"gcsUri":', b'{"error":'):
        assert isinstance(read(opening + body).report(), Report)


def test_an_absurd_request_foretells_nothing() -> None:
    """No number is passed on that cannot be one."""
    asked = VIDEOS.read_request(HERE, {"parameters": {"sampleCount": 10**12, "durationSeconds": "99999"}})

    assert asked.billed == Usage()
