"""A whole answer is parsed; of a huge one the members at both ends are found, in little memory."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.whole_json import WholeJson

WANTED = ("usage", "model", "id")
USAGE = {"prompt_tokens": 3, "deep": {"usage": 1}}


def fed(body: bytes, places: list[int] | None = None, limit: int = 1 << 20, end: int = 1000) -> WholeJson:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    whole = WholeJson(WANTED, limit, end)
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        whole.feed(body[a:b])
    return whole


VALUES = st.recursive(
    st.none()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(['"usage":{}', '{"model":"x"}', "}", "\\"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["usage", "model", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["usage", "model", "id", "a", "b"]), VALUES)
PLACES = st.lists(st.integers(0, 10**6), max_size=6)


@given(OBJECTS, PLACES)
def test_a_body_within_the_limit_is_parsed(body: dict[str, Any], places: list[int]) -> None:
    whole = fed(json.dumps(body).encode(), places)

    assert whole.object() == body
    assert whole.complete()


@given(OBJECTS, OBJECTS, st.integers(0, 400), PLACES)
def test_a_huge_body_is_looked_into_at_both_ends(
    before: dict[str, Any], after: dict[str, Any], filling: int, places: list[int]
) -> None:
    after = {k: v for k, v in after.items() if k not in before}
    data = [{"usage": [0.25] * filling, "id": '"usage":{}'}] * 30
    text = json.dumps({**before, "data": data, **after}).encode()

    whole = fed(text, places, limit=600, end=4000)

    assert whole.object() == {k: v for k, v in {**before, **after}.items() if k in WANTED}
    assert whole.complete()


@pytest.mark.parametrize("chunk", [100, 65536, 10**8])
def test_the_memory_for_a_huge_body_is_bounded(chunk: int) -> None:
    body = json.dumps({"data": [[0.5] * 1000] * 1000, "usage": USAGE}).encode()
    whole = WholeJson(WANTED, limit=100_000, end=10_000)

    for at in range(0, len(body), chunk):
        whole.feed(body[at : at + chunk])

    assert whole.object() == {"usage": USAGE}
    kept = sum(map(len, whole._parts)) + len(whole._tail or b"")
    assert kept <= 30_000


def test_members_in_the_middle_of_a_huge_body_are_not_found() -> None:
    text = json.dumps({"a": "x" * 5000, "usage": USAGE, "b": "x" * 5000}).encode()

    assert fed(text, limit=600).object() == {}


def test_many_places_that_look_like_members_cost_few_parses() -> None:
    text = b'{"data":[' + b'{"usage":1},' * 500 + b'0],"id":"x"}'

    assert fed(text, limit=600).object() == {"id": "x"}


@given(OBJECTS, st.integers(1, 400))
def test_of_a_body_that_is_cut_off_the_whole_members_are_known(body: dict[str, Any], cut: int) -> None:
    text = json.dumps(body).encode()

    whole = fed(text[:-cut])

    assert not whole.complete()
    assert whole.object().items() <= body.items()


def test_what_is_known_grows_with_the_body() -> None:
    whole = WholeJson(WANTED)
    whole.feed(b'{"id": "x", "mo')
    assert whole.object() == {"id": "x"}

    whole.feed(b'del": "y"}')

    assert whole.object() == {"id": "x", "model": "y"}
    assert whole.object() is whole.object()


def test_nesting_deeper_than_a_parser_goes_hides_nothing() -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    whole = fed(b'{"model":' + deep + b',"x":' + deep + b',"usage":{"prompt_tokens":3}}')

    assert whole.object() == {"usage": {"prompt_tokens": 3}}
    assert whole.complete()


@pytest.mark.parametrize("body", [b"[1]", b'"x"', b"null"])
def test_what_is_no_object_has_no_members(body: bytes) -> None:
    assert fed(body).object() == {}
    assert fed(body).complete()


@given(st.binary(max_size=900), PLACES)
def test_bytes_that_are_no_json_do_no_harm(body: bytes, places: list[int]) -> None:
    assert isinstance(fed(b'{"usage":' + body, places, limit=300, end=100).object(), dict)
