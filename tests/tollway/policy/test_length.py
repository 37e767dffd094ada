"""How long something is kept, as a policy says it."""

import pytest

from tollway.policy.length import parse, written


@pytest.mark.parametrize(
    ("text", "us"), [("90m", 5_400_000_000), ("12h", 43_200_000_000), ("30d", 2_592 * 10**9)]
)
def test_a_length_is_minutes_hours_or_days(text: str, us: int) -> None:
    assert parse(text) == us
    assert parse(written(us)) == us


@pytest.mark.parametrize(
    "value", ["", "30", "30 d", "0d", "-1d", "1.5h", "30s", "3661d", "9999999d", 30, None]
)
def test_nothing_else_is_one(value: object) -> None:
    with pytest.raises(ValueError, match="write how long as 30d, 12h or 90m, 3660d at most"):
        parse(value)


def test_it_is_written_in_the_largest_unit_that_it_is_whole_in() -> None:
    assert [written(parse(text)) for text in ("60m", "61m", "48h", "30h")] == ["1h", "61m", "2d", "30h"]
