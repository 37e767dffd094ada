"""Uploads of requests."""

from collections.abc import Mapping
from typing import Any

from tests.tollway.batches.test_form_file import TYPE, form
from tollway.batches.upload import Upload
from tollway.batches.weight import Weight

LINE = b'{"custom_id": "a", "url": "/v1/x", "body": {}}\n'


def weigh(path: str, body: Mapping[str, Any]) -> Weight:
    """One request."""
    return Weight(requests=1)


def read(data: bytes) -> Weight | None:
    """What a form comes to."""
    upload = Upload(TYPE, weigh)
    upload.feed(data)
    return upload.weight()


def test_what_is_for_a_batch_is_weighed() -> None:
    assert read(form(LINE * 3)) == Weight(
        requests=3, most=Weight().plus(Weight()).most, likely=Weight().plus(Weight()).likely
    )


def test_what_is_for_something_else_is_not() -> None:
    assert read(form(LINE, b"fine-tune")) is None
    assert read(form(b"anything")) is None
    assert read(b"") is None


def test_its_purpose_may_come_behind_it() -> None:
    behind = form(LINE).replace(b'name="purpose"', b'name="other"')
    more = b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--edge--'

    assert read(behind) is None
    found = read(behind.replace(b"--edge--\r\n", more))
    assert found is not None
    assert found.requests == 1


def test_the_answer_says_what_it_is_known_by() -> None:
    upload = Upload(TYPE, weigh)
    upload.feed(form(LINE))

    assert upload.taken({}) is None
    file = upload.taken({"id": "file-1"})
    assert file is not None
    assert (file.id, file.weight) == ("file-1", read(form(LINE)))


def test_what_is_for_something_else_is_no_file_that_is_known() -> None:
    upload = Upload(TYPE, weigh)
    upload.feed(form(LINE, b"fine-tune"))

    assert upload.taken({"id": "file-1"}) is None
