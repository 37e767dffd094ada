"""Parts of files of requests, cut anywhere."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tests.tollway.batches.test_requests import line, read, weigh
from tollway.batches.fragment import Fragment, joined
from tollway.batches.requests import TOO_LONG
from tollway.batches.weight import Weight
from tollway.budget.amounts import Amounts

LONGEST = 300


def fragment(*data: bytes) -> Fragment:
    """A part of these bytes."""
    found = Fragment(weigh, LONGEST)
    for one in data:
        found.feed(one)
    return found


def come_to(fragments: Iterable[Fragment]) -> Weight | None:
    return joined(fragments, weigh, LONGEST)


text = st.integers(0, 1000).map(line)
other = st.sampled_from([b"", b"no request", b'{"custom_id"', b"[]", b'{"a": " b"}', line(7, more="x" * 400)])


@given(st.lists(text, min_size=1), st.sampled_from([b"\n", b"\r\n", b"\n\n"]), st.data())
def test_they_come_to_what_the_file_does_wherever_it_is_cut(
    lines: list[bytes], end: bytes, data: st.DataObject
) -> None:
    whole = end.join(lines) + data.draw(st.sampled_from([b"", end]))

    found = come_to([fragment(*pieces(part, data)) for part in pieces(whole, data)])

    assert found == read(whole)
    assert found is not None
    assert found.unbounded is None


@given(st.lists(text | other), st.data())
def test_what_can_not_be_read_bounds_nothing_wherever_it_is_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    """Be it no request, or too long: the whole file is no file of requests, or not bounded."""
    whole = b"\n".join(lines)

    at_once = read(whole, longest=LONGEST)
    found = come_to([fragment(*pieces(part, data)) for part in pieces(whole, data)])

    if at_once is None or at_once.unbounded is not None:
        assert found is None or found.unbounded is not None
    else:
        assert found == at_once


def test_their_order_is_that_of_the_file() -> None:
    whole = line(1) + b"\n" + line(2) + b"\n" + line(3)
    first, second = fragment(whole[:70]), fragment(whole[70:])

    found = come_to([first, second])
    turned = come_to([fragment(whole[70:]), fragment(whole[:70])])

    assert found == read(whole)
    assert turned is None or turned.unbounded is not None


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_space_at_which_a_line_is_cut_counts(cut: int) -> None:
    """It may be within a text, which is billed by its length."""

    def by_length(path: str, body: Mapping[str, Any]) -> Weight:
        return Weight(requests=1, most=Amounts(nano=len(body["text"])))

    text = b'{"custom_id": "a", "body": {"text": "'
    parts = [Fragment(by_length), Fragment(by_length)]
    parts[0].feed(text + b'one"}}\n' + text + b"    "[:cut])
    parts[1].feed(b"    "[cut:] + b'"}}')

    found = joined(parts, by_length)
    assert found is not None
    assert (found.requests, found.most.nano) == (2, 3 + 4)


def test_of_whole_lines_nothing_is_kept() -> None:
    found = fragment(b"ends\n" + (line() + b"\n") * 100 + b"begins")

    assert (found.kept, found.size) == (len(b"endsbegins"), 100 * len(line() + b"\n") + 11)


@pytest.mark.parametrize(
    "data", [b"x" * (LONGEST + 1), b"x" * (LONGEST + 1) + b"\n", b"\n" + b"x" * (LONGEST + 1)]
)
def test_ends_that_are_too_long_are_not_kept_and_bound_nothing(data: bytes) -> None:
    found = fragment(data[:20], data[20:])

    assert found.is_too_long
    assert found.kept == 0
    weight = come_to([found])
    assert weight is not None
    assert weight.unbounded == TOO_LONG
