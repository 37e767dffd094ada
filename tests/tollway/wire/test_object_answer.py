"""An answer that is one object is told whole, cut off, or huge."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Report, Usage
from tollway.wire.object_answer import ObjectAnswer

BODY = json.dumps({"model": "m", "texts": ["one", {"deep": "two"}], "count": 3}).encode()


def tell(body: Mapping[str, Any]) -> Report:
    return Report(model=body.get("model"), usage=Usage(pages=body["count"]) if "count" in body else None)


def texts(body: Mapping[str, Any]) -> Iterable[object]:
    return (body.get("texts"),)


def read(body: bytes, places: list[int] | None = None, limit: int = 1000) -> ObjectAnswer:
    reader = ObjectAnswer(tell, ("model", "texts", "count"), texts, limit)
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


@given(st.lists(st.integers(0, 99), max_size=4))
def test_any_cutting_gives_the_same(places: list[int]) -> None:
    """The object is what counts, not its pieces."""
    reader = read(BODY, places)

    assert reader.report() == Report(model="m", usage=Usage(pages=3), complete=True)
    assert reader.delivered() == b"onetwo"


def test_of_one_that_is_cut_off_the_whole_members_are_told() -> None:
    """And that its end was not seen."""
    reader = read(BODY[:-6])

    assert reader.report() == Report(model="m")
    assert reader.delivered() == b"onetwo"


def test_of_a_huge_one_both_ends_are_told() -> None:
    """Vectors and images fill the middle."""
    body = b'{"model": "m", "filler": "' + b"x" * 600_000 + b'", "count": 3}'

    assert read(body).report() == Report(model="m", usage=Usage(pages=3), complete=True)


def test_without_texts_nothing_was_delivered() -> None:
    """Vectors are none."""
    reader = ObjectAnswer(tell, ("model",))
    reader.feed(BODY)

    assert reader.delivered() == b""


@given(st.binary(max_size=60))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Half a surrogate pair in a text included."""
    for text in (body, b"{" + body, b'{"texts":"\\ud800"}'):
        reader = read(text)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)
