"""A request's body is a mapping, in whichever format it comes; or it is nothing that anybody reads."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.request_body import FREE, LARGEST, RATIO, most, parsed

FORM = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--x--\r\n'
FORM_TYPE = "multipart/form-data; boundary=x"
JSON = b'{"model":"m","n":[1,{"a":null}]}'


@pytest.mark.parametrize(
    "media_type", ["application/json", "", "text/plain", "application/json; charset=utf-8"]
)
def test_json_is_read_whatever_it_calls_itself(media_type: str) -> None:
    """Scripts often say nothing, or something else."""
    assert parsed(JSON, media_type) == {"model": "m", "n": [1, {"a": None}]}


def test_a_form_is_read_where_it_calls_itself_one() -> None:
    assert parsed(FORM, FORM_TYPE) == {"model": "whisper-1"}
    assert parsed(FORM, "application/json") is None
    assert parsed(JSON, FORM_TYPE) is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"[1]",
        b'"text"',
        b"null",
        b"3",
        b"{",
        JSON[:-1],
        b"\xff",
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
    ],
    ids=["none", "empty", "list", "text", "null", "number", "brace", "cut", "no text", "deep"],
)
def test_what_is_no_object_is_nothing(body: bytes | None) -> None:
    assert parsed(body) is None


@pytest.mark.parametrize(("body", "media_type"), [(JSON, ""), (FORM, FORM_TYPE)])
def test_what_is_too_large_is_not_read(body: bytes, media_type: str) -> None:
    assert parsed(body, media_type, largest=len(body)) is not None
    assert parsed(body, media_type, largest=len(body) - 1) is None


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(
    st.dictionaries(KEYS, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | KEYS | st.lists(KEYS))
)
def test_every_object_is_read(value: dict[str, object]) -> None:
    assert parsed(orjson.dumps(value)) == value


@given(st.binary(max_size=200), st.sampled_from(["", FORM_TYPE, "multipart/form-data"]))
def test_no_bytes_make_it_raise(body: bytes, media_type: str) -> None:
    assert parsed(body, media_type) is None or body


def test_a_body_may_grow_so_many_times_and_four_megabytes_always() -> None:
    assert most(0) == most(20_000) == FREE == 4 * 2**20
    assert most(100_000) == RATIO * 100_000
    assert most(10**9) == LARGEST
    assert most(10**9, 1000) == 1000
