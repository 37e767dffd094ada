"""How a call fares with its limits, as its row says it."""

from tests.tollway.policy.written import policy
from tollway.admitted import block_of
from tollway.model import CallRecord
from tollway.policy.limits import Limits


def test_a_refusal_has_the_name_of_a_rate_and_of_no_limit() -> None:
    """A limit's shows in its bucket, which stays full."""
    said = policy(
        "rates: [{name: often, allow: 8 at once}]\nlimits: [{name: day, amount: 1 USD, window: day}]"
    )
    met = Limits(said).met(CallRecord(id="a", state="open", started_us=0))

    assert [block_of(limit) for limit in met.limits] == ["block", "block by often"]
