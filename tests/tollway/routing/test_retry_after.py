"""When to ask again is read from the answer's headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.routing.retry_after import retry_after_us

NOW = "Sun, 29 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "us"),
    [
        ({"retry-after": "3"}, 3_000_000),
        ({"retry-after": "0.25"}, 250_000),
        ({"retry-after": " 7 "}, 7_000_000),
        ({"retry-after": "3", "retry-after-ms": "2500"}, 2_500_000),
        ({"retry-after-ms": "0.5"}, 500),
        ({"retry-after": "Sun, 29 Nov 2026 10:00:30 GMT", "date": NOW}, 30_000_000),
        ({"retry-after": "Sun, 29 Nov 2026 09:00:00 GMT", "date": NOW}, 0),
        ({"retry-after": "Sun, 29 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "Sun, 29 Nov 2026 10:00:30", "date": NOW}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_it_is_what_they_say(headers: dict[str, str], us: int | None) -> None:
    assert retry_after_us(headers) == us


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "date"]), st.text(max_size=40)))
def test_no_text_breaks_it(headers: dict[str, str]) -> None:
    found = retry_after_us(headers)

    assert found is None or found >= 0
