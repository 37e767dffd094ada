"""What a text has inside."""

import base64
import codecs

import pytest

from tollway.guardrails.inside import NESTED, file_from, is_json, is_opaque, json_in, text_of


@pytest.mark.parametrize(
    "body", [b"{}", b'"a"', b"12", b'["\\ud800"]', b'["\xff"]', b'["a\nb"]', b"[NaN]", b"\xef\xbb\xbf[]"]
)
def test_what_some_reader_takes_is_json(body: bytes) -> None:
    assert is_json(body)


def test_a_byte_order_mark_is_skipped() -> None:
    """Many readers do."""
    assert is_json(b"\xef\xbb\xbf[]")


@pytest.mark.parametrize("body", [b"", b"{", b"{'a': 1}", b"[1] 2", b"[" * 100_000])
def test_what_none_takes_is_not(body: bytes) -> None:
    assert not is_json(body)


def test_json_in_a_text_is_its_bytes() -> None:
    assert json_in('{"a": "ü"}', 0) == '{"a": "ü"}'.encode()
    assert json_in('{"a": 1}', NESTED) is None
    assert json_in("{a}", 0) is None
    assert json_in("a {}", 0) is None
    assert json_in("", 0) is None
    assert json_in("\n", 0) is None


@pytest.mark.parametrize("text", ['{"a": 1}\n', ' \n["a"]', '\t{"a": 1}\r\n'])
def test_what_stands_around_it_does_not_hide_it(text: str) -> None:
    """What a command printed ends in a line: its escapes hid what they say."""
    assert json_in(text, 0) == text.encode()
    assert json_in(f"{text}a", 0) is json_in(f"a{text}", 0) is json_in(f"\n{text}a ", 0) is None


@pytest.mark.parametrize("key", ["data", "file_data"])
def test_base64_may_be_in_lines(key: str) -> None:
    """As mail has it, and `base64` prints it."""
    coded = base64.encodebytes(b"the bluebird flies. " * 9).decode()

    assert file_from(coded, key) == file_from(coded.replace("\n", "\r\n"), key) == 0
    assert text_of(coded) == "the bluebird flies. " * 9
    assert file_from("apple\nbanana\n" * 30, key) is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("grün bluebird".encode("latin-1"), "gr\udcfcn bluebird"),
        ("grün".encode("utf-16"), "grün"),
        (codecs.BOM_UTF16_BE + "grün".encode("utf-16-be"), "grün"),
        (b"\xff\xfea", None),
        (b"\xff\xfe\0\xd8", None),
        (bytes(range(100, 256)), None),
    ],
)
def test_a_text_may_be_in_another_encoding(raw: bytes, text: str | None) -> None:
    assert text_of(base64.b64encode(raw).decode()) == text


@pytest.mark.parametrize(
    ("text", "key", "start"),
    [
        ("aGVsbG8=", "data", 0),
        ("aGVsbG8=", "text", None),
        ("no base64!", "data", None),
        ("bluebird", "data", None),
        ("_w" * 99, "data", None),
        ("_w" * 100, "data", 0),
        ("data:text/plain;base64,aGVs", "url", 23),
        ("DATA:;base64,aGVs", 3, 13),
        ("data:text/plain,hello", "url", None),
        ("data: is what he said", "text", None),
    ],
)
def test_a_file_begins_where_its_base64_does(text: str, key: str | int, start: int | None) -> None:
    assert file_from(text, key) == start


@pytest.mark.parametrize("text", ["hello", "grün?>", ""])
@pytest.mark.parametrize("padded", [True, False])
def test_a_text_is_read_in_either_alphabet(text: str, padded: bool) -> None:
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        coded = code(text.encode()).decode()
        assert text_of(coded if padded else coded.rstrip("=")) == text


@pytest.mark.parametrize("data", [b"\x89PNG", b"a\0b"])
def test_what_is_no_text_is_none(data: bytes) -> None:
    assert text_of(base64.b64encode(data).decode()) is None
    assert text_of("abcde") is None


@pytest.mark.parametrize(
    ("text", "key", "opaque"),
    [
        ("AbCd" * 50, "signature", True),
        ("AbCd" * 50, "sign", False),
        ("AbCd" * 49, "signature", False),
        ("Ab d" * 50, "signature", False),
    ],
)
def test_what_a_provider_made_is_long_and_base64(text: str, key: str, opaque: bool) -> None:
    """Others have members of these names, too."""
    assert is_opaque(text, key) is opaque


def test_a_text_with_half_of_a_pair_is_no_json() -> None:
    """No bytes say it: it is read as a text."""
    assert json_in('{"a": "\ud800"}', 0) is None
