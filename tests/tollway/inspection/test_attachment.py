"""`tollway.inspection.attachment`: of images, sounds and files, the kind, the size and the place."""

from typing import Any

import pytest

from tollway.inspection.attachment import attachment, coded_size
from tollway.inspection.conversation import Attachment


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ({"source": {"type": "base64", "media_type": "image/png", "data": "aW1hZ2U="}}, ("image/png", 5, "")),
        (
            {"source": {"type": "url", "url": "https://a.example/i.png?sig=1#x"}},
            ("", None, "https://a.example/i.png"),
        ),
        ({"source": {"type": "file", "file_id": "file_1"}}, ("", None, "file_1")),
        ({"image_url": {"url": "data:image/jpeg;base64,aW1hZ2U="}}, ("image/jpeg", 5, "")),
        ({"image_url": "https://a.example/i"}, ("", None, "https://a.example/i")),
        ({"input_audio": {"data": "UklGRg==", "format": "wav"}}, ("wav", 4, "")),
        (
            {"file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,aW0="}},
            ("application/pdf", 2, "a.pdf"),
        ),
        ({"mimeType": "image/png", "data": "aW0="}, ("image/png", 2, "")),
        ({"fileUri": "gs://b/o"}, ("", None, "gs://b/o")),
        ({"format": "png", "source": {"bytes": "aW0="}}, ("png", 2, "")),
        ({"data": b"four"}, ("", 4, "")),
        ({"name": "plan", "source": {"s3Location": {"uri": "s3://b/k"}}}, ("", None, "s3://b/k")),
        ({"name": "plan"}, ("", None, "plan")),
        (b"sound", ("", 5, "")),
        ("file_9", ("", None, "file_9")),
        ("aW1n" * 100, ("", 300, "")),
        ({"data": ""}, ("", None, "")),
        (7, ("", None, "")),
    ],
)
def test_what_is_known_of_one(value: object, known: tuple[str, int | None, str]) -> None:
    """In every dialect's way of putting it. An address loses its query: that may be a signature."""
    assert attachment("image", value) == Attachment("image", *known)


def test_no_nesting_is_followed_for_ever() -> None:
    """Four levels are more than any dialect has."""
    value: dict[str, Any] = {"data": "aW0="}
    for _ in range(6):
        value = {"source": value}

    assert attachment("file", value) == Attachment("file")


@pytest.mark.parametrize(("data", "size"), [("", 0), ("=", 0), ("aQ==", 1), ("aW0=", 2), ("aW1n", 3)])
def test_base64_tells_its_size(data: str, size: int) -> None:
    """Without being decoded."""
    assert coded_size(data) == size
