"""The policies of the tour of limits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tollway.demo.limits.policy import LONGEST, YOURS, policy
from tollway.policy.limit import Block, Clamp, Route, Wait
from tollway.policy.load import load, warnings

README = (Path(__file__).parents[4] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("text", [policy(datetime(2026, 11, 28, 12, tzinfo=UTC)), YOURS])
def test_both_load_and_have_every_action(text: str) -> None:
    """Nothing is said against them but that programs name themselves."""
    (limit,) = load(text, "p.yaml").limits

    assert [type(action) for action in limit.then] == [Clamp, Wait, Route, Block]
    (doubt,) = warnings(text, "p.yaml", datetime(2026, 11, 28, tzinfo=UTC).date())
    assert "clients choose their program" in doubt.message


def test_one_for_the_users_own_is_five_lines_and_the_readmes() -> None:
    """To the letter."""
    assert f"```yaml\n{YOURS}```\n" in README
    assert len(YOURS.splitlines()) == 5


@pytest.mark.parametrize("quarter", range(4 * 24))
def test_no_day_ends_while_the_tour_lasts(quarter: int) -> None:
    """Its limit is a day's: at midnight all would be there again, and nothing would have to wait."""
    now = datetime(2026, 11, 28, tzinfo=UTC) + timedelta(minutes=15 * quarter - 1)

    zone = load(policy(now), "p.yaml").zone

    assert now.astimezone(zone).date() == (now + LONGEST).astimezone(zone).date()


def test_near_midnight_in_one_zone_it_is_another_ones_day() -> None:
    assert "timezone: Europe/Berlin" in policy(datetime(2026, 11, 28, 12, tzinfo=UTC))
    assert "timezone: America/New_York" in policy(datetime(2026, 11, 28, 22, 59, tzinfo=UTC))
