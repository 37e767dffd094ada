"""The policies under which calls are measured."""

import pytest

from tests.bench.policies import MATCHING, PER_USER, TEAM, policy
from tollway.budget.bucket import Enforce
from tollway.identity.networks import network_of, networks
from tollway.model import CallRecord
from tollway.policy.limits import Limits
from tollway.policy.load import load
from tollway.policy.pattern import is_pattern


@pytest.mark.parametrize("count", [5, 10, 200])
def test_a_call_meets_five_hard_limits_however_many_others_there_are(count: int) -> None:
    """They differ from the others only in the team that they are about; a tenth ask by a pattern."""
    read = load(policy(count), "policy.yaml")
    limits = Limits(read)
    row = CallRecord(id="c", state="open", started_us=0, team=TEAM, user="ann", model="gpt-4o")

    found = limits.met(row)
    assert len(list(limits)) == count
    assert len(found.limits) == len(MATCHING) == 5
    assert {limit.enforce for limit in limits} == {Enforce.HARD}
    assert sum("user" in bucket.values for bucket in found.buckets) == PER_USER
    texts = [text for entry in read.limits for text in entry.match["team"].values]
    assert sum(map(is_pattern, texts)) == count // 10


def test_who_calls_from_this_machine_is_of_the_team() -> None:
    (source,) = load(policy(5), "policy.yaml").identity
    assert source.networks is not None
    known = networks({str(network): who.team for network, who in source.networks.items()})

    assert network_of(known, "127.0.0.1") == ("127.0.0.0/8", TEAM)
