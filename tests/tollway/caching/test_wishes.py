"""What a caller asks of the cache: less than the policy gives, never more. Rubbish is not cached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.caching.wishes import (
    BAD_KEY,
    BAD_TTL,
    KEY,
    NO_TIME,
    NO_WISHES,
    SKIP,
    SKIPPED,
    TTL,
    Wishes,
    wishes,
)


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({}, NO_WISHES),
        ({TTL: "300"}, Wishes(ttl_us=300_000_000)),
        ({TTL: " 90s "}, Wishes(ttl_us=90_000_000)),
        ({TTL: "5M"}, Wishes(ttl_us=300_000_000)),
        ({TTL: "12h"}, Wishes(ttl_us=12 * 3_600_000_000)),
        ({TTL: "30d"}, Wishes(ttl_us=30 * 86_400_000_000)),
        ({TTL: "0"}, Wishes(why_not=NO_TIME)),
        ({TTL: "0d"}, Wishes(why_not=NO_TIME)),
        ({KEY: "run 7"}, Wishes(key="run 7")),
        ({KEY: "a", TTL: "1", SKIP: "false"}, Wishes(key="a", ttl_us=1_000_000)),
        ({SKIP: "true"}, Wishes(why_not=SKIPPED)),
        ({SKIP: "1"}, Wishes(why_not=SKIPPED)),
        ({SKIP: "0"}, NO_WISHES),
        ({SKIP: " No "}, NO_WISHES),
    ],
)
def test_it_is_read(headers: dict[str, str], asked: Wishes) -> None:
    assert wishes(headers) == asked


@pytest.mark.parametrize("text", ["", "-1", "1.5", "5 m", "soon", "1w", "1e3", "٣", "9999999999", "300, 60"])
def test_a_length_that_is_none_is_not_taken_for_one(text: str) -> None:
    assert wishes({TTL: text}) == Wishes(why_not=BAD_TTL)


@pytest.mark.parametrize("text", ["", "ü", "a\x00", "a\tb", "a\udc80", "x" * 257])
def test_a_key_that_is_none_is_not_taken_for_one(text: str) -> None:
    assert wishes({KEY: text}) == Wishes(why_not=BAD_KEY)


@pytest.mark.parametrize("text", ["", "yes", "banana", "true, false", "false, true"])
def test_who_may_want_to_skip_the_cache_does(text: str) -> None:
    assert wishes({SKIP: text}) == Wishes(why_not=SKIPPED)


@given(st.dictionaries(st.sampled_from([TTL, SKIP, KEY]), st.text(max_size=12)))
def test_it_never_raises(headers: dict[str, str]) -> None:
    found = wishes(headers)

    assert found.why_not is not None or (found.ttl_us or 1) > 0
