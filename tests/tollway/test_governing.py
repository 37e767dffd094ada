"""The policy in force."""

import pytest

from tests.tollway.admitting import governing
from tollway.model import NOBODY, Identity
from tollway.policy.limits import Limits
from tollway.policy.load import load

NETWORKS = """
identity:
  - networks: {10.20.0.0/16: {service: ci}, 10.20.1.0/24: {user: ann, team: a, role: r, groups: [g]}}
  - networks: {10.0.0.0/8: {team: all}}
"""


def test_who_calls_is_said_by_the_first_source_that_knows_the_address() -> None:
    policy = governing(NETWORKS)

    assert policy.who("10.20.9.9") == Identity(service="ci", network="10.20.0.0/16")
    assert policy.who("10.20.1.9") == Identity(
        user="ann", team="a", role="r", groups=("g",), network="10.20.1.0/24"
    )
    assert policy.who("10.9.9.9") == Identity(team="all", network="10.0.0.0/8")
    assert policy.who("192.0.2.1") is NOBODY


def test_an_address_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it is remembered; memory is bounded."""
    monkeypatch.setattr("tollway.governing.MOST_REMEMBERED", 1)
    policy = governing(NETWORKS)
    first = policy.who("10.20.9.9")
    assert policy.who("10.20.9.9") is first
    policy.who("10.9.9.9")

    assert policy.who("10.20.9.9") is not first
    assert policy.who("10.20.9.9") == first


def test_another_policy_takes_its_place_at_once() -> None:
    policy = governing(NETWORKS)
    other = load("version: 1\ntimezone: Asia/Tokyo\nfaults: {unknown_call: pass}", "p.yaml")

    policy.swap(other, Limits(other))

    assert policy.who("10.20.9.9") is NOBODY
    assert (policy.zone.key, policy.faults.unknown_call) == ("Asia/Tokyo", "pass")
