"""`tollway.inspection.pieces.media`: images, sounds, and texts read off them."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Attachment, Block, Text
from tollway.inspection.pieces.media import pieces


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (
            [
                {"type": "transcript.text.delta", "delta": "Pay "},
                {"type": "transcript.text.done", "text": "Pay now."},
            ],
            [Text("Pay now.")],
        ),
        ([{"type": "transcription.text.delta", "text": "Pay "}], [Text("Pay ")]),
        ([{"text": "Pay now.", "usage": {}}], [Text("Pay now.")]),
        (
            [
                {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "aQ=="},
                {"type": "image_generation.completed", "b64_json": "aW0=", "output_format": "png"},
            ],
            [Attachment("partial image", size=1), Attachment("image", "png", 2)],
        ),
        ([{"type": "speech.audio.delta", "audio": "aQ=="}] * 2, [Attachment("audio", size=2)]),
        ([{"type": "speech.audio.delta", "audio_data": "aQ=="}], [Attachment("audio", size=1)]),
        (
            [
                {
                    "data": [
                        {"b64_json": "aW0=", "revised_prompt": "A red gate"},
                        {"url": "https://a.example/i"},
                    ]
                }
            ],
            [
                Attachment("image", size=2),
                Text("A red gate"),
                Attachment("image", place="https://a.example/i"),
            ],
        ),
        (
            [
                {
                    "predictions": [
                        {"mimeType": "video/mp4", "gcsUri": "gs://b/o"},
                        {"bytesBase64Encoded": "aW0="},
                    ]
                }
            ],
            [Attachment("video", "video/mp4", place="gs://b/o"), Attachment("image", size=2)],
        ),
        ([{"pages": [{"markdown": "# Gate"}, {"markdown": "# Toll"}]}], [Text("# Gate"), Text("# Toll")]),
    ],
)
def test_what_comes(messages: list[dict[str, Any]], said: list[Block]) -> None:
    """Texts as they are; of images and sounds the size."""
    assert blocks_of(pieces, *messages) == tuple(said)
