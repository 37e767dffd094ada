"""What an answer with images is billed on: its tokens, else the images in it."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Portion, Report, Usage
from tollway.wire.counts import first, part, text
from tollway.wire.openai_answer import told
from tollway.wire.openai_usage import summed, usage_of
from tollway.wire.shortened_events import ShortenedEvents
from tollway.wire.typed_stream import TypedStream, types
from tollway.wire.whole_json import WholeJson

_LIMIT = 64 * 1024
"""Bytes that are parsed: of a longer answer the usage stands at either end, and the images between."""
_WANTED = ("id", "model", "data", "usage", "svg_usage", "error", "object", "type")
_IMAGE = b'"b64_json"'
_STRADDLING = len(_IMAGE) - 1

_ENDS = frozenset({"image_generation.completed", "image_edit.completed"})
_TYPES = types("type", deltas="", written="b64_json", telling=" ".join([*_ENDS, "error"]))


def image_stream() -> TypedStream:
    """A reader for a stream: of an image that is not finished nothing is parsed, of one that is, the ends."""
    return TypedStream(ShortenedEvents(), _TYPES, _streamed)


class ImageAnswer:
    """Reads an answer that is one object."""

    def __init__(self, asked: int) -> None:
        """`asked`: how many images were: so many has an answer too long to be parsed that shows none."""
        self._asked = asked
        self._body = WholeJson(_WANTED, _LIMIT)
        self._size = self._seen = 0
        self._last = b""  # in which a mark may begin

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._size += len(data)
        self._seen += data.count(_IMAGE) + (self._last + data[:_STRADDLING]).count(_IMAGE)
        self._last = (self._last + data[-_STRADDLING:])[-_STRADDLING:]
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        answer, complete = self._body.object(), self._body.complete()
        return replace(_told(Report(), answer, self._images(answer, complete)), complete=complete)

    def delivered(self) -> bytes:
        """Nothing: an image is no text."""
        return b""

    def _images(self, answer: Mapping[str, Any], complete: bool) -> int | None:
        """How many there are; None if that can't be told."""
        images = answer.get("data")
        if isinstance(images, list):
            return len(images)
        return (self._seen or self._asked) if complete and self._size > _LIMIT else None


def _streamed(report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read, too: each that ends an image has the usage of that image."""
    ends = text(event, "type") in _ENDS
    known = _told(report, event, 1 if ends else None)
    if ends and report.usage is not None and known.usage is not None:
        known = replace(known, usage=summed([report.usage, known.usage]))
    return replace(known, complete=known.complete or ends or known.error is not None)


def _told(report: Report, message: Mapping[str, Any], images: int | None) -> Report:
    """Tokens where there are any; where there are none, `images` are what is billed."""
    usage = part(message, "usage")
    used = _drawn(usage)
    if images is not None and not (used and used.output_tokens):
        used = replace(used or Usage(), images=images)
    report = told(report, message, used, usage)
    svg = part(message, "svg_usage")
    written = usage_of(svg)
    if written is None:
        return report
    portions = [Portion(model=text(svg, "model"), usage=written)]
    if used is not None:
        portions.insert(0, Portion(model=report.model, usage=used))
    return replace(report, portions=tuple(portions), usage=summed([p.usage for p in portions]))


def _drawn(usage: Mapping[str, Any]) -> Usage | None:
    """The tokens of a usage. Output of which it does not say what it is, is image: there, it costs more."""
    used = usage_of(usage)
    if used is None or used.output_tokens is None or used.output_image_tokens is not None:
        return used
    text_tokens = first(part(usage, "output_tokens_details"), "text_tokens") or 0
    return replace(used, output_image_tokens=max(0, used.output_tokens - text_tokens))
