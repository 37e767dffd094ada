"""The section `access`; tests/data/policies/bad has what is wrong with one."""

import pytest
from pydantic import ValidationError

from tollway.policy.access import AccessEntry
from tollway.policy.pattern import Condition


def entry(**said: object) -> AccessEntry:
    return AccessEntry.model_validate(said)


def test_a_rule_says_whom_it_means() -> None:
    found = entry(name="a", deny={"model": ["b", "a"]}, unless={"role": "lead"})

    assert found.match == {"model": Condition(("a", "b"))}
    assert found.unless == {"role": Condition(("lead",))}
    assert entry(allow={"user": "ann"}).match == {"user": Condition(("ann",))}


def test_a_rule_may_mean_every_call() -> None:
    assert entry(deny={}).match == {}
    assert entry(allow={}).allow == {}


def test_the_default_means_none() -> None:
    assert entry(default="deny").match == {}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "exactly one of"),
        ({"allow": {}, "deny": {}}, "exactly one of"),
        ({"deny": {}, "default": "deny"}, "exactly one of"),
        ({"default": "deny", "unless": {"user": "ann"}}, "neither name nor unless"),
        ({"default": "deny", "name": "rest"}, "neither name nor unless"),
        ({"deny": {}, "unless": {}}, "every call meets it"),
    ],
)
def test_an_entry_is_one_thing(said: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        entry(**said)
