"""The section `rates`. Its mistakes are in tests/data/policies/bad."""

from tests.tollway.policy.written import policy
from tollway.policy.limit import Block, Route, Wait
from tollway.policy.schema import Policy


def test_a_rate_waits_a_while_unless_it_says_otherwise() -> None:
    (entry,) = policy("rates: [{name: a, allow: 8 at once}]").rates

    assert entry.then == (Wait(10_000_000), Block())
    assert (dict(entry.match), entry.per, entry.burst) == ({}, (), None)


def test_what_it_says_is_done_and_a_refusal_is_the_last() -> None:
    (entry,) = policy(
        "rates: [{name: a, allow: 8 at once, per: user, match: {model: x}, then: [{route: r}, block]}]\n"
        "routes: {r: [{from: x, to: openai/y}]}"
    ).rates

    assert (entry.per, entry.then) == (("user",), (Route("r"), Block()))


def test_a_burst_may_be_written_with_a_multiple() -> None:
    (entry,) = policy("rates: [{name: a, allow: 200k tokens / minute, burst: 20k}]").rates

    assert entry.burst == 20_000


def test_a_policy_that_is_written_out_reads_as_the_same() -> None:
    said = policy("rates: [{name: a, allow: 200k tokens / minute, burst: 20k, then: [wait 3s, block]}]")

    assert Policy.model_validate(said.model_dump(mode="json", exclude_unset=True)) == said
