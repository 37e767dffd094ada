"""Files that are uploaded in parts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tests.tollway.batches.test_form_file import HEAD, NAMED, TYPE
from tests.tollway.batches.test_requests import line, read, weigh
from tollway.batches.parts import NO_ORDER, OTHER_SIZE, UNSEEN, Completion, Part, Parts
from tollway.batches.upload import File

FILE = b"\n".join(line(n) for n in range(9))
END = b"--edge--\r\n"


def form(data: bytes, end: bytes = END) -> bytes:
    """A part as SDKs send it."""
    return HEAD % (b"data", NAMED) + data + b"\r\n" + end


def put(upload: Parts, name: str, *body: bytes, **said: Any) -> None:
    """Have a part pass, and be taken."""
    part = Part(TYPE, upload)
    for one in body:
        part.feed(one)
    assert part.taken({"id": name, "upload_id": "upload_1", **said}) is None


def complete(upload: Parts, ids: object, size: int | None = None, **said: Any) -> File | None:
    """Say what it is made of."""
    completion = Completion(upload)
    body = ids if isinstance(ids, bytes) else json.dumps({"part_ids": ids}).encode()
    for byte in range(0, len(body), 7):
        completion.feed(body[byte : byte + 7])
    file = {"id": "file-1", "purpose": "batch", **({} if size is None else {"bytes": size})}
    return completion.taken({"id": "upload_1", "status": "completed", "file": file, **said})


def known(data: bytes) -> File:
    """A file of these bytes, read at once."""
    weight = read(data)
    assert weight is not None
    return File("file-1", weight)


def of(file: File | None) -> str | None:
    """Why nothing bounds it; None: something does."""
    assert file is not None
    return file.weight.unbounded


@given(st.data())
def test_it_comes_to_the_same_in_whatever_parts_and_however_these_came(data: st.DataObject) -> None:
    upload = Parts("upload_1", weigh)
    parts = {f"part_{n}": part for n, part in enumerate(pieces(FILE, data))}
    for id in data.draw(st.permutations(list(parts))):
        put(upload, id, *pieces(form(parts[id]), data))

    found = complete(upload, list(parts), len(FILE))

    assert found == known(FILE)


def test_a_part_may_stand_in_it_twice_or_not_at_all() -> None:
    upload = Parts("upload_1", weigh)
    for n in range(3):
        put(upload, f"p{n}", form(line(n) + b"\n"))

    found = complete(upload, ["p2", "p1", "p2"])

    assert found == known(b"\n".join([line(2), line(1), line(2)]))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (form(FILE), {"upload_id": "upload_2"}),
        (form(FILE), {"id": None}),
        (form(FILE, b"--edge\r\n"), {}),
        (form(FILE, HEAD % (b"data", NAMED) + b"\r\n" + END), {}),
        (form(FILE, HEAD % (b"data", b"") + b"x\r\n" + END), {}),
        (HEAD % (b"data", b"") + FILE + b"\r\n" + END, {}),
        (b"no form", {}),
    ],
    ids=["other-upload", "no-id", "cut", "two-files", "field", "no-file", "no-form"],
)
def test_a_part_that_is_not_known_bounds_nothing(body: bytes, said: dict[str, Any]) -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(line(1) + b"\n"))
    put(upload, "p2", body, **said)

    assert of(complete(upload, ["p1", "p2"])) == UNSEEN


@pytest.mark.parametrize(
    "ids", [b"no json", b'{"part_ids": ["p1"], "part_ids": []}', b"{}", b'{"part_ids": "p1"}']
)
def test_an_order_that_can_not_be_read_bounds_nothing(ids: bytes) -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(FILE))

    assert of(complete(upload, ids)) == NO_ORDER


def test_a_list_of_parts_that_is_too_long_bounds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollway.batches.parts.LONGEST_LIST", 30)
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(FILE))

    assert of(complete(upload, ["p1"] * 10)) == NO_ORDER


@pytest.mark.parametrize("id", [1, None, ["p1"], "p2"])
def test_an_id_that_is_none_is_of_no_part(id: object) -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(FILE))

    assert of(complete(upload, ["p1", id], len(FILE))) == UNSEEN


def test_where_its_provider_counts_other_bytes_nothing_is_bounded() -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(FILE))

    assert of(complete(upload, ["p1"], len(FILE) + 1)) == OTHER_SIZE


@pytest.mark.parametrize(
    "said",
    [
        {"id": "upload_2"},
        {"file": {"id": "file-1", "purpose": "fine-tune"}},
        {"file": {"purpose": "batch"}},
        {"file": None},
    ],
)
def test_an_answer_about_something_else_ends_nothing(said: dict[str, Any]) -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(FILE))

    assert complete(upload, ["p1"], **said) is None
    assert of(complete(upload, ["p1"])) is None


def test_what_is_no_file_of_requests_is_not_known() -> None:
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(b"GIF89a"))

    assert complete(upload, ["p1"], 6) is None


def test_once_it_is_complete_nothing_is_kept_and_nothing_more_is_said() -> None:
    """Who completes it again, as its answer did not come, does not undo what is known."""
    upload = Parts("upload_1", weigh)
    put(upload, "p1", form(b"begins"))
    assert upload.kept > len(b"begins")
    complete(upload, ["p1"])

    assert upload.kept == 0
    assert complete(upload, ["p1"]) is None
