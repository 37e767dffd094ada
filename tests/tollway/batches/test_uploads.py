"""Which upload a call is a step of."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.tollway.batches.test_form_file import TYPE
from tests.tollway.batches.test_form_file import form as whole_form
from tests.tollway.batches.test_parts import form
from tests.tollway.batches.test_requests import line, weigh
from tests.tollway.batches.test_steps import hash_of
from tollway.batches.underway import LONGEST_US
from tollway.batches.upload import File, Reads
from tollway.batches.uploads import Uploading, Uploads

FILE = b"".join(line(n) + b"\n" for n in range(9))
GEMINI = "/upload/v1beta/files"


def call(
    uploads: Uploads,
    role: str,
    path: str = GEMINI,
    headers: Mapping[str, str] | None = None,
    *,
    at_us: int = 0,
    provider: str = "openai",
) -> Reads | None:
    """What reads such a call."""
    return uploads.reader(
        Uploading(provider=provider, role=role, path=path, headers=headers or {}, at_us=at_us, weigh=weigh)
    )


def step(
    uploads: Uploads, command: str, offset: object = None, data: bytes = b"", id: str = "a", at_us: int = 0
) -> Reads | None:
    """A step of Google's."""
    headers = {"x-goog-upload-command": command}
    if offset is not None:
        headers["x-goog-upload-offset"] = str(offset)
    query = f"?upload_id={id}&upload_protocol=resumable" if id else ""
    found = call(uploads, "upload", GEMINI + query, headers, at_us=at_us, provider="gemini")
    if found is not None:
        found.feed(data)
    return found


def ended(last: Reads | None, has: bytes = FILE) -> bool:
    """Whether what the provider has is known, and bounded."""
    if last is None:
        return False
    file = last.taken({"file": {"name": "files/a", "sha256Hash": hash_of(has)}})
    return file is not None and file.weight.unbounded is None


def test_steps_are_of_one_file_by_the_id_of_its_upload() -> None:
    """Several files may come at a time."""
    uploads = Uploads()
    assert step(uploads, "start", id="") is None
    step(uploads, "upload", 0, FILE[:50])
    other = step(uploads, "upload, finalize", "0", FILE, id="b")
    last = step(uploads, "Upload,Finalize", 50, FILE[50:])

    assert ended(last)
    assert ended(other)


def test_the_end_may_come_by_itself() -> None:
    uploads = Uploads()
    step(uploads, "upload", 0, FILE)
    assert step(uploads, "query") is None

    assert ended(step(uploads, "finalize"))


def test_one_in_a_single_step_needs_no_id() -> None:
    uploads = Uploads()

    other = line(7)
    assert ended(step(uploads, "upload, finalize", 0, FILE, id=""))
    assert ended(step(uploads, "upload, finalize", 0, other, id=""), other)
    assert step(uploads, "upload", 50, FILE[50:], id="") is None


@pytest.mark.parametrize("offset", [None, "", "5", "-1", "1_0", "²", "0, 0", "9" * 5000])
def test_a_step_that_begins_nowhere_known_is_not_read(offset: str | None) -> None:
    uploads = Uploads()

    assert step(uploads, "upload", offset, FILE) is None
    step(uploads, "upload", 0, FILE[:3])
    assert step(uploads, "upload", offset, FILE) is None


def test_one_that_was_cancelled_or_is_old_is_not_gone_on_with() -> None:
    uploads = Uploads()
    step(uploads, "upload", 0, FILE[:50])
    assert step(uploads, "cancel") is None
    assert step(uploads, "upload", 50, FILE[50:]) is None

    step(uploads, "upload", 0, FILE[:50])
    assert step(uploads, "upload", 50, FILE[50:], at_us=LONGEST_US + 1) is None


def begin(uploads: Uploads, provider: str = "openai", **said: Any) -> None:
    """Begin an upload in parts."""
    beginning = call(uploads, "begin", "/v1/uploads", provider=provider)
    assert beginning is not None
    beginning.feed(b"{}")
    assert beginning.taken({"id": "upload_1", "purpose": "batch", **said}) is None


def part(uploads: Uploads, id: str, data: bytes, **more: Any) -> bool:
    """Hand in a part; whether it is read."""
    found = call(uploads, "part", "/v1/uploads/upload_1/parts?a=b", {"content-type": TYPE}, **more)
    if found is not None:
        found.feed(form(data))
        found.taken({"id": id, "upload_id": "upload_1"})
    return found is not None


def complete(uploads: Uploads, *ids: str, **more: Any) -> File | None:
    """Say what it is made of."""
    found = call(uploads, "complete", "/v1/uploads/upload_1/complete", **more)
    if found is None:
        return None
    found.feed(json.dumps({"part_ids": ids}).encode())
    return found.taken({"id": "upload_1", "file": {"id": "file-1", "purpose": "batch"}})


def test_parts_are_of_one_file_by_the_id_of_its_upload() -> None:
    uploads = Uploads()
    begin(uploads)
    for n in (1, 0):
        assert part(uploads, f"p{n}", FILE[n * 50 : (n * 50 + 50) if n == 0 else None])

    found = complete(uploads, "p0", "p1")
    assert found is not None
    assert (found.id, found.weight.requests, found.weight.unbounded) == ("file-1", 9, None)


def test_parts_of_what_did_not_begin_here_are_not_read() -> None:
    """Or that is for something else, or another provider's."""
    uploads = Uploads()
    assert not part(uploads, "p", FILE)
    for said in ({"purpose": "fine-tune"}, {"id": None}, {"provider": "azure"}):
        begin(uploads, **said)
        assert not part(uploads, "p", FILE)
        assert complete(uploads, "p") is None


def test_parts_of_what_was_cancelled_or_is_old_are_not_read() -> None:
    uploads = Uploads()
    begin(uploads)
    assert call(uploads, "cancel", "/v1/uploads/upload_1/cancel") is None
    assert not part(uploads, "p", FILE)

    begin(uploads)
    assert not part(uploads, "p", FILE, at_us=LONGEST_US + 1)
    begin(uploads)
    assert part(uploads, "p", FILE)
    assert complete(uploads, "p", at_us=LONGEST_US + 1) is None


def test_a_form_is_read_by_itself() -> None:
    found = call(Uploads(), "upload", "/v1/files", {"content-type": TYPE})
    assert found is not None
    found.feed(whole_form(line()))

    file = found.taken({"id": "file-1"})
    assert file is not None
    assert file.weight.requests == 1
