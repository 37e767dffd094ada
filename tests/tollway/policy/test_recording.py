"""Which texts are kept of a call, and for how long."""

from tests.tollway.policy.written import policy
from tollway.policy.recording import KeepRule, recording

DAY_US = 86_400_000_000


def test_a_policy_that_says_nothing_keeps_nothing() -> None:
    assert recording(policy("")) is None


def test_the_first_entry_that_matches_holds() -> None:
    rules = recording(
        policy("record: [{match: {team: a}, keep: 1d}, {name: rest, match: {provider: openai}, in: request}]")
    )

    assert rules is not None
    assert rules.rule({"team": "a", "provider": "openai"}) == KeepRule(
        name="record[0]", request=True, response=True, keep_us=DAY_US, largest=1_000_000
    )
    assert rules.rule({"provider": "openai"}) == KeepRule(
        name="rest", request=True, response=False, keep_us=30 * DAY_US, largest=1_000_000
    )
    assert rules.rule({"provider": "mistral"}) is None


def test_an_entry_may_be_for_answers_alone() -> None:
    rules = recording(policy("record: [{in: response}]"))

    assert rules is not None
    found = rules.rule({})
    assert found is not None
    assert (found.request, found.response) == (False, True)


def test_it_knows_the_headers_that_the_policy_says_secrets_stand_in() -> None:
    rules = recording(
        policy(
            "record: [{}]\n"
            'identity: [{header_jwt: {header: X-Who, issuer: "https://a.example", audience: t}}]\n'
            "credentials: {openai: [{inject: env:A, header: X-Company}, passthrough]}"
        )
    )

    assert rules is not None
    assert rules.headers == {"x-who", "x-company"}
