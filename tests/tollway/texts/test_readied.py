"""A text as it is kept."""

import pytest

from tests.tollway.redaction.made import word
from tests.tollway.texts.made import text
from tollway.texts.readied import readied
from tollway.texts.store import BINARY, TOO_LARGE


def test_it_has_neither_what_looks_like_a_credential_nor_what_is_known_to_be_one() -> None:
    body = f'{{"content":"sk-{word(30)} and open sesame"}}'.encode()

    found = readied(text(body=body, size=len(body)), {"open sesame"})

    assert found.body == b'{"content":"[redacted key] and [redacted credential]"}'
    assert found.size == len(body)


def test_a_secret_may_be_any_bytes_that_a_header_may_have() -> None:
    secret = b"caf\xe9-caf\xe9".decode("utf-8", "surrogateescape")

    assert readied(text(body=b"a text"), {secret}).body == b"a text"


@pytest.mark.parametrize(
    ("body", "whole", "is_text"),
    [
        (b"caf\xc3\xa9", True, True),
        (b"caf\xc3", False, True),
        (b"caf\xc3", True, False),
        (b"caf\xff", False, False),
        (b"\xff and more", False, False),
        (b"", True, True),
    ],
)
def test_what_is_no_text_is_known_as_none(body: bytes, whole: bool, is_text: bool) -> None:
    found = readied(text(body=body, whole=whole), frozenset())

    assert (found.body, found.why_not) == ((body, None) if is_text else (None, BINARY))


def test_what_is_not_there_stays_so() -> None:
    missing = text(body=None, why_not=TOO_LARGE)

    assert readied(missing, {"open sesame"}) is missing


def test_what_can_not_be_made_safe_is_told() -> None:
    deep = b'{"a":' * 900 + f'"sk-{word(30)}"'.encode() + b"}" * 900

    with pytest.raises(ValueError, match="nested too deeply"):
        readied(text(body=deep), frozenset())
