"""A file of requests that is uploaded in a form, as OpenAI takes it: `purpose=batch`."""

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from tollway.batches.form_file import FormFile
from tollway.batches.requests import Requests, Weigh
from tollway.batches.weight import Weight
from tollway.wire.counts import text

PURPOSE = "batch"


class File(Struct, frozen=True):
    """A file that a provider has taken."""

    id: str
    weight: Weight
    """What its requests come to."""


class Reads(Protocol):
    """Reads what a call uploads: a file, or what has to do with one."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the call's body, without its content coding."""

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """What is known of the file that is whole by now, as the answer says, which was a good one; None: it
        is not, or nothing is known. Asked once."""


class Upload:
    """One upload, read as it passes."""

    def __init__(self, media_type: str, weigh: Weigh) -> None:
        self._form = FormFile(media_type)
        self._requests = Requests(weigh)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the form."""
        found = self._form.feed(data)
        if found and self._form.fields.get("purpose", PURPOSE) == PURPOSE:
            self._requests.feed(found)

    def weight(self) -> Weight | None:
        """What its requests come to; None: it is no file of requests, or for something else."""
        return self._requests.weight() if self._form.fields.get("purpose") == PURPOSE else None

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """As `Reads.taken`: `{"id"}`."""
        id, weight = text(said, "id"), self.weight()
        return None if id is None or weight is None else File(id, weight)
