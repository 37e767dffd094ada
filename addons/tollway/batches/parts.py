"""A file that is uploaded in parts, as OpenAI takes it (`/v1/uploads`): in whatever order, several at a time.

Which of them it is made of, and in which order, is said when it is completed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tollway.batches.form_file import FormFile
from tollway.batches.fragment import Fragment, joined
from tollway.batches.requests import Weigh
from tollway.batches.upload import PURPOSE, File
from tollway.batches.weight import Weight, unread
from tollway.wire.counts import count, part, text
from tollway.wire.duplicates import named_twice
from tollway.wire.request_body import parsed

UNSEEN = "a part of it did not pass here, or could not be read"
NO_ORDER = "the order of its parts is not known"
OTHER_SIZE = "its provider has more or fewer bytes of the file than were read here"
LONGEST_LIST = 4 * 2**20
"""Bytes of the list of its parts."""
EACH = 1_000
"""Bytes that a part takes besides those that are kept of it."""


class Parts:
    """One upload, from its beginning until it is completed."""

    def __init__(self, id: str, weigh: Weigh) -> None:
        self.id = id
        self.weigh = weigh
        self._parts: dict[str, Fragment] = {}
        self.kept = 0
        """Bytes that are kept of it."""
        self.is_over = False
        """It was completed, and nothing is kept any more."""

    def keep(self, id: str, fragment: Fragment) -> None:
        """Know what a part has that its provider has taken."""
        self._parts[id] = fragment
        self.kept += EACH + fragment.kept

    def weight(self, ids: Sequence[Any], size: int | None) -> Weight | None:
        """What the file of these parts comes to; None: it is no file of requests. `size`: its bytes, as its
        provider counts them."""
        found = [self._parts.get(id) for id in ids if isinstance(id, str)]
        fragments = [fragment for fragment in found if fragment is not None]
        if len(fragments) < len(ids):
            return unread(UNSEEN)
        if size not in (None, sum(fragment.size for fragment in fragments)):
            return unread(OTHER_SIZE)
        return joined(fragments, self.weigh)

    def end(self) -> None:
        """Keep nothing more of it."""
        self._parts, self.kept, self.is_over = {}, 0, True


class Part:
    """One part, read as it passes: the one file of a form."""

    def __init__(self, media_type: str, upload: Parts) -> None:
        self._form = FormFile(media_type)
        self._fragment = Fragment(upload.weigh)
        self._upload = upload

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the form."""
        self._fragment.feed(self._form.feed(data))

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """As `Reads.taken`: `{"id", "upload_id"}`. No file is whole with it."""
        id = text(said, "id")
        if id is not None and self._form.is_one_file and text(said, "upload_id") == self._upload.id:
            self._upload.keep(id, self._fragment)
        return None


class Completion:
    """What says which parts a file is made of: `{"part_ids"}`."""

    def __init__(self, upload: Parts) -> None:
        self._upload = upload
        self._body = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes, as long as they may be a list."""
        self._body = (self._body + data)[: LONGEST_LIST + 1]

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """As `Reads.taken`: `{"id", "file": {"id", "purpose", "bytes"}}`."""
        file, upload = part(said, "file"), self._upload
        id = text(file, "id")
        if id is None or upload.is_over or text(said, "id") != upload.id or text(file, "purpose") != PURPOSE:
            return None
        weight = self._weight(count(file.get("bytes")))
        upload.end()
        return None if weight is None else File(id, weight)

    def _weight(self, size: int | None) -> Weight | None:
        message = parsed(self._body, largest=LONGEST_LIST)
        ids = None if message is None else message.get("part_ids")
        if not isinstance(ids, list) or named_twice(self._body) is not None:
            return unread(NO_ORDER)
        return self._upload.weight(ids, size)
