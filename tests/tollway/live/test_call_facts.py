"""What is known of one call, in words."""

from tests.tollway.ledger.samples import FULL, NOON_US, call
from tests.tollway.live.samples import BERLIN
from tollway.live.call_facts import call_facts


def test_a_call_has_the_facts_that_are_known_in_their_order() -> None:
    """With the day: it may be shown long after."""
    found = dict(call_facts(FULL, NOON_US, BERLIN, ()))

    assert next(iter(found)) == "call"
    assert found["began"] == "2026-11-25 13:00:00"
    assert "" not in found.values()


def test_how_the_cache_answered_it_is_a_fact() -> None:
    hit, miss = call(cache="hit", saved_nano=450_000), call(cache="miss")

    said = [dict(call_facts(one, NOON_US, BERLIN, ())).get("cache") for one in (hit, miss, call())]

    assert said == ["hit, saved $0.00045", "miss", None]


def test_what_clients_choose_has_no_control_characters() -> None:
    found = dict(call_facts(call(user="ann\x1b[2J", model="m\nodel"), NOON_US, BERLIN, ()))

    assert found["user"] == "ann\N{REPLACEMENT CHARACTER}[2J"
    assert found["model"] == "m\N{REPLACEMENT CHARACTER}odel"


def test_a_row_that_stands_for_several_says_so() -> None:
    facts = dict(call_facts(call(calls=1_200), NOON_US, BERLIN, ()))

    assert facts["stands for"] == "1,200 calls, merged"
    assert "stands for" not in dict(call_facts(call(), NOON_US, BERLIN, ()))
