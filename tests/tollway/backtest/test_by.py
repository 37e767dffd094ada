"""What is told of an entry."""

from tests.tollway.policy.written import policy
from tollway.backtest.by import By, by_limit
from tollway.policy.limits import Limits

TEXT = """
limits: [{name: day, amount: 1 USD, window: day}]
rates: [{name: often, allow: 5 requests / minute}]
"""


def test_a_rate_is_no_limit() -> None:
    found = Limits(policy(TEXT)).all_matching({})

    assert [by_limit(each) for each in found] == [By("limit", "day"), By("rate", "often")]
