"""Anthropic's input leaves out what a cache has to do with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Usage
from tollway.translation.usage import said
from tollway.wire.anthropic_usage import usage_of

COUNTS = st.one_of(st.none(), st.integers(0, 10**6))


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [
        (None, {"input_tokens": 0, "output_tokens": 0}),
        (Usage(output_tokens=3), {"input_tokens": 0, "output_tokens": 3}),
        (
            Usage(input_tokens=10, cache_read_tokens=6, cache_write_tokens=1),
            {"input_tokens": 3, "cache_creation_input_tokens": 1, "cache_read_input_tokens": 6,
             "output_tokens": 0},
        ),
        (Usage(input_tokens=1, cache_read_tokens=6),
         {"input_tokens": 0, "cache_read_input_tokens": 6, "output_tokens": 0}),
    ],
)  # fmt: skip
def test_each_count_has_its_place(usage: Usage | None, wanted: dict[str, int]) -> None:
    assert said(usage) == wanted


@given(st.integers(0, 10**6), COUNTS, COUNTS, st.integers(0, 10**6), COUNTS)
def test_who_reads_it_reads_the_same(
    fresh: int, read: int | None, written: int | None, output: int, thought: int | None
) -> None:
    usage = Usage(
        input_tokens=fresh + (read or 0) + (written or 0),
        cache_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=output,
        reasoning_tokens=thought,
    )

    assert usage_of(said(usage)) == usage
