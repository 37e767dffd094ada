"""The policy of the tour of guardrails."""

from datetime import date

from tollway.demo.guardrails.policy import TOUR
from tollway.policy.load import load, warnings


def test_it_loads_and_nothing_is_said_against_it() -> None:
    """It is five lines at most, and one that people may have as their own."""
    keys, customers = load(TOUR, "p.yaml").guardrails

    assert (keys.do, customers.do, customers.restore) == ("block", "redact", True)
    assert warnings(TOUR, "p.yaml", date(2026, 11, 29)) == ()
    assert len(TOUR.splitlines()) <= 5
