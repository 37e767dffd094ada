"""The policy in force."""

from tests.tollway.admitting import governing
from tollway.policy.limits import Limits
from tollway.policy.load import load


def test_another_policy_takes_its_place_at_once() -> None:
    policy = governing("")
    other = load("version: 1\ntimezone: Asia/Tokyo\nfaults: {unknown_call: pass}", "p.yaml")

    policy.swap(other, Limits(other))

    assert (policy.zone.key, policy.faults.unknown_call) == ("Asia/Tokyo", "pass")
