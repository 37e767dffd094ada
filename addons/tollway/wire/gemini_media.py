"""Google's predict of image models, and predictLongRunning of video models."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import count, part, text
from tollway.wire.dialect import Reader
from tollway.wire.foretold import Foretold
from tollway.wire.gemini import google_error
from tollway.wire.object_answer import ObjectAnswer

# An image that was made has its bytes, or where they are stored; one that was filtered out has a reason.
_IMAGE = re.compile(rb'"(?:bytesBase64Encoded|gcsUri)"')
_LONGEST = len(b'"bytesBase64Encoded"')
_LIMIT = 64 * 1024
_CLIP_SECONDS = 8
"""How long a video is that no length was asked for: https://ai.google.dev/gemini-api/docs/video"""


class GeminiImages:
    """The dialect of `:predict`, as Imagen answers it: an image is billed if it was made."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: the path has the model."""
        wanted = count(part(body, "parameters").get("sampleCount"))
        return Asked(model=endpoint.model, billed=None if wanted is None else Usage(images=wanted))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """None: what is billed is the image."""
        return ()

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object, megabytes of images in it."""
        return ImagesAnswer()

    def error(self, status: int, message: str, code: str) -> bytes:
        """As Google's other operations."""
        return google_error(status, message, code)


class GeminiVideos(GeminiImages):
    """The dialect of `:predictLongRunning`, as Veo answers it: the request tells what will be billed."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: so many videos, of so many seconds."""
        parameters = part(body, "parameters")
        clips = count(parameters.get("sampleCount")) or count(parameters.get("numberOfVideos")) or 1
        seconds = _number(parameters.get("durationSeconds")) or _CLIP_SECONDS
        return Asked(model=endpoint.model, billed=Usage(seconds=count(clips * seconds)))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of an operation, which is fetched for nothing until it is done."""
        return Foretold(ObjectAnswer(_told, ("name", "error")), asked.billed, headers)


class ImagesAnswer:
    """Counts the images of an answer as they come by."""

    def __init__(self) -> None:
        self._answer = ObjectAnswer(_told, ("error",), limit=_LIMIT)
        self._images = 0
        self._end = b""  # of what came so far: a name may be cut in two

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._answer.feed(data)
        seen, known = self._end + data, len(self._end)
        self._images += sum(found.end() > known for found in _IMAGE.finditer(seen))
        self._end = seen[1 - _LONGEST :]

    def report(self) -> Report:
        """What is known so far; a whole answer without images was filtered, and costs nothing."""
        report = self._answer.report()
        if self._images or (report.complete and report.error is None):
            return replace(report, usage=Usage(images=self._images))
        return report

    def delivered(self) -> bytes:
        """Nothing: images are no texts."""
        return b""


def _told(answer: Mapping[str, Any]) -> Report:
    failed = part(answer, "error")
    error = (text(failed, "status", 64) or "error") if answer.get("error") else None
    return Report(id=text(answer, "name"), error=error)


def _number(value: object) -> int | None:
    """A count, also as text."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,5}", value) else count(value)
