"""What is drawn, spoken, or written down from a sound: events, and the whole of an answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.inspection.attachment import attachment, coded_size
from tollway.inspection.conversation import Attachment, Text
from tollway.inspection.draft import Piece
from tollway.inspection.members import listed, number, string


def pieces(event: Mapping[str, Any]) -> Iterable[Piece]:
    """What the event adds: sizes of images and sounds, and texts."""
    kind = string(event, "type")
    if kind.endswith("text.delta"):
        yield Piece("text", Text(string(event, "delta", "text")))
    elif kind.endswith(".partial_image"):
        yield Piece(
            f"image {number(event, 'partial_image_index')}", attachment("partial image", event), whole=True
        )
    elif string(event, "b64_json"):
        yield Piece("image", attachment("image", event), whole=True)
    elif data := string(event, "audio", "audio_data"):
        yield Piece("audio", Attachment("audio", size=coded_size(data)))
    else:
        yield from _whole(event)


def _whole(answer: Mapping[str, Any]) -> Iterable[Piece]:
    if isinstance(said := answer.get("text"), str):
        yield Piece("text", Text(said), whole=True)
    for n, image in enumerate(listed(answer.get("data"))):
        yield Piece(n, attachment("image", image))
        if revised := string(image, "revised_prompt"):
            yield Piece(n, Text(revised), 1)
    for n, made in enumerate(listed(answer.get("predictions"))):
        yield Piece(n, attachment(string(made, "mimeType").partition("/")[0] or "image", made))
    for n, page in enumerate(listed(answer.get("pages"))):  # Mistral's OCR
        yield Piece(n, Text(string(page, "markdown")))
