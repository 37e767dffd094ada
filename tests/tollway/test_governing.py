"""The policy in force."""

from tests.tollway.admitting import governing
from tollway.policy.limits import Limits
from tollway.policy.load import load


def test_another_policy_takes_its_place_at_once() -> None:
    policy = governing("")
    other = load("version: 1\ntimezone: Asia/Tokyo\nfaults: {unknown_call: pass}", "p.yaml")

    policy.swap(other, Limits(other))

    assert (policy.zone.key, policy.faults.unknown_call) == ("Asia/Tokyo", "pass")


def test_it_knows_the_keys_that_are_at_hand() -> None:
    """Of all providers, whoever may have them."""
    found = governing(
        "credentials: {openai: [{match: {team: a}, inject: env:ONE}, {inject: env:TWO}],"
        " groq: {inject: env:NONE}, mistral: passthrough}",
        {"ONE": "made-up-one", "TWO": "made-up-two"},
    )

    assert found.own_keys() == {"made-up-one", "made-up-two"}
