"""What reads an upload: by itself, or as a step of one that has begun before."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from msgspec import Struct

from tollway.batches.asked_for import asked_for
from tollway.batches.parts import Completion, Part, Parts
from tollway.batches.requests import Weigh
from tollway.batches.steps import Steps
from tollway.batches.underway import Underway
from tollway.batches.upload import PURPOSE, File, Reads, Upload
from tollway.wire.counts import text

MOVING = frozenset({"upload", "finalize"})
"""What Google's steps do that have bytes of the file, or end it."""
_NUMBER = re.compile("[0-9]{1,18}")


class Uploading(Struct, frozen=True):
    """A call that has to do with an upload."""

    provider: str
    role: str
    """upload, begin, part, complete, cancel."""
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """By lower-case name."""
    at_us: int
    weigh: Weigh


class Uploads:
    """All that are under way in this process: no other one knows of them."""

    def __init__(self) -> None:
        self._steps = Underway[Steps]()
        self._parts = Underway[Parts]()

    def reader(self, call: Uploading) -> Reads | None:
        """What reads the call's body, and its answer; None: nothing that matters."""
        if call.role == "begin":
            return Beginning(call, self._parts)
        if call.role != "upload":
            return self._of_parts(call)
        if (command := call.headers.get("x-goog-upload-command")) is not None:
            return self._step(call, command)
        return Upload(call.headers.get("content-type", ""), call.weigh)

    def _of_parts(self, call: Uploading) -> Reads | None:
        name = f"{call.provider} {asked_for('openai', call.path)}"
        if call.role == "cancel":
            self._parts.end(name)
            return None
        if (upload := self._parts.find(name, call.at_us)) is None:
            return None
        if call.role == "complete":
            return Completion(upload)
        return Part(call.headers.get("content-type", ""), upload)

    def _step(self, call: Uploading, command: str) -> Reads | None:
        """A step of Google's: `upload`, `finalize`, both, or what moves no bytes."""
        commands = {one.strip().lower() for one in command.split(",")}
        id = parse_qs(call.path.partition("?")[2]).get("upload_id", [""])[0]
        name = f"{call.provider} {id}"
        if "cancel" in commands:
            self._steps.end(name)
        if commands.isdisjoint(MOVING):
            return None
        offset = _offset(call.headers.get("x-goog-upload-offset", ""))
        file = self._steps.find(name, call.at_us)
        if file is None and offset == 0:
            file = Steps(call.weigh)
            if id:
                self._steps.add(name, file, call.at_us)
        if file is None:
            return None
        if commands.isdisjoint({"upload"}):
            return file.step(file.size)
        return None if offset is None else file.step(offset)


class Beginning:
    """What begins an upload in parts. Of the request nothing matters that the answer does not say."""

    def __init__(self, call: Uploading, underway: Underway[Parts]) -> None:
        self._call = call
        self._underway = underway

    def feed(self, data: bytes) -> None:
        """As `Reads.feed`."""

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """As `Reads.taken`: `{"id", "purpose"}`. No file is whole with it."""
        id, call = text(said, "id"), self._call
        if id is not None and text(said, "purpose") == PURPOSE:
            self._underway.add(f"{call.provider} {id}", Parts(id, call.weigh), call.at_us)
        return None


def _offset(value: str) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None
