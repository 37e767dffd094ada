"""Files of requests, however their bytes are cut."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tollway.batches.requests import NO_REQUEST, TOO_LONG, Requests
from tollway.batches.weight import Weight
from tollway.budget.amounts import Amounts


def weigh(path: str, body: Mapping[str, Any]) -> Weight:
    """As much as its body says, to the path that it names."""
    return Weight(requests=1, most=Amounts(nano=int(body.get("n", 0)), requests=1), models=(path,))


def line(n: int = 1, **more: Any) -> bytes:
    """A request."""
    return orjson.dumps({"custom_id": f"r{n}", "method": "POST", "url": "/v1/x", "body": {"n": n}, **more})


def read(*data: bytes, longest: int = 1000) -> Weight | None:
    """What the bytes come to."""
    found = Requests(weigh, longest)
    for one in data:
        found.feed(one)
    return found.weight()


@given(st.lists(st.integers(0, 1000), min_size=1), st.sampled_from([b"\n", b"\r\n", b"\n\n"]), st.data())
def test_they_come_to_the_same_however_they_are_cut(
    amounts: list[int], end: bytes, data: st.DataObject
) -> None:
    whole = end.join(map(line, amounts))

    found = read(*pieces(whole, data))

    assert found is not None
    assert (found.requests, found.most.nano, found.models) == (len(amounts), sum(amounts), ("/v1/x",))


@pytest.mark.parametrize(
    "other",
    [b"", b"\n\n", b"%PDF-1.7\n\x00", b"[]\n", b'{"messages": []}\n', b'{"custom_id": "a", "body": 5}\n'],
)
def test_what_is_no_file_of_requests_is_given_up(other: bytes) -> None:
    """Whatever follows: a training file may be of gigabytes."""
    assert read(other) is None
    if other.strip():
        assert read(other, line()) is None
        assert read(other + b"\n" + line()) is None


def test_of_what_begins_otherwise_nothing_is_kept() -> None:
    """A film, say, of which the first line may be long."""
    found = Requests(weigh)
    found.feed(b" ")
    found.feed(b"\x00" * 1000)

    assert found._lines.rest() == b""
    assert found.weight() is None


def test_a_line_that_is_none_leaves_the_others_without_a_bound() -> None:
    found = read(line(5), b"\nnot JSON\n", line(6))

    assert found is not None
    assert (found.requests, found.most.nano, found.unbounded) == (3, 11, NO_REQUEST)


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_does_too(end: bytes) -> None:
    """The last one, as well, which nothing ends."""
    found = read(line(5) + b"\n", line(6, more="x" * 1000) + end)

    assert found is not None
    assert (found.requests, found.most.nano, found.unbounded) == (2, 5, TOO_LONG)


def test_what_begins_with_one_is_a_file_of_requests() -> None:
    found = read(line(6, more="x" * 1000), b"\n", b"not JSON\n")

    assert found is not None
    assert (found.requests, found.unbounded) == (2, NO_REQUEST)


def test_a_member_that_stands_twice_may_be_either() -> None:
    found = read(b'{"custom_id": "a", "url": "/v1/x", "body": {"n": 1, "n": 2}}')

    assert found is not None
    assert found.unbounded == "a line of it names 'n' twice"


def test_geminis_have_a_key_and_no_path() -> None:
    found = read(b'{"key": "a", "request": {"n": 3}}\n{"key": "b", "request": {"n": 4}}')

    assert found is not None
    assert (found.requests, found.most.nano, found.models) == (2, 7, ("",))


def test_one_without_a_path_is_weighed_all_the_same() -> None:
    """Mistral's say it in the batch."""
    found = read(b'{"custom_id": "a", "body": {"n": 1}}')

    assert found is not None
    assert found.models == ("",)


def test_a_line_that_is_no_object_is_no_request() -> None:
    found = read(line() + b"\n[1]\n")

    assert found is not None
    assert (found.requests, found.unbounded, found.untold) == (2, NO_REQUEST, NO_REQUEST)


def test_what_turns_out_to_be_something_else_is_read_no_further() -> None:
    """Though lines came with it that could be requests."""
    assert read(b'{"no": "request"}\n' + line() + b"\n") is None


def test_lines_amid_a_file_are_no_requests_or_not_bounded() -> None:
    """What begins it is elsewhere."""
    found = Requests(weigh, amid=True)
    for one in (b"no request\n", b"\n", line(), b"\nbegins"):
        found.feed(one)

    assert (found.ended.requests, found.ended.unbounded) == (2, NO_REQUEST)
    assert (found.unended, found.kept) == (b"begins", 6)


def test_lines_that_were_read_apart_count() -> None:
    """Unless it is something else."""
    requests, other = Requests(weigh), Requests(weigh)
    requests.add(Weight())
    requests.add(Weight(requests=3))
    requests.feed(b"no request\n")
    other.feed(b"GIF89a\n")
    other.add(Weight(requests=3))

    found = requests.weight()
    assert found is not None
    assert (found.requests, found.unbounded) == (4, NO_REQUEST)
    assert other.weight() is None
