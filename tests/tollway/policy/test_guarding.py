"""Which guardrails are about a call, and what is known of a value."""

from typing import Any

import pytest

from tests.tollway.policy.written import policy
from tollway.guardrails.allowed import hashed
from tollway.guardrails.found import Family
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.words import Own
from tollway.model import CallRecord
from tollway.policy.guarding import Guarding

KEY = b"a key of a test"


def guarding(entries: str) -> Guarding:
    return Guarding(policy(f"guardrails: [{entries}]").guardrails, KEY)


def call(**known: Any) -> CallRecord:
    return CallRecord(id="x", state="open", started_us=0, **known)


def test_an_entry_is_a_rule() -> None:
    rules = guarding(
        "{find: [secrets, card], do: block, at_least: 2},"
        "{name: ours, words: [ab], in: both, do: redact, generic: ignore, at_least: {ours: 3},"
        " unscanned: block, restore: true, never_into: [x], shadow: true},"
        "{find: email, in: response, do: flag, unscanned: pass}"
    ).rules

    assert rules == (
        Rule(
            number=0, name="guardrails[0]", finds=frozenset({"secrets", "card"}), certain=Do.BLOCK,
            generic=Do.FLAG, least=2, unscanned=Do.FLAG,
        ),
        Rule(
            number=1, name="ours", finds=frozenset({"ours"}), certain=Do.REDACT, generic=Do.IGNORE,
            least_of={"ours": 3}, unscanned=Do.BLOCK, reach=2, response=True, restore=True,
            never_into=("x",),
            shadow=True,
        ),
        Rule(
            number=2, name="guardrails[2]", finds=frozenset({"email"}), certain=Do.FLAG, generic=Do.FLAG,
            request=False, response=True,
        ),
    )  # fmt: skip


def test_it_says_what_is_to_be_looked_for() -> None:
    one = guarding(
        "{find: [card, github_token], do: flag}, {name: ours, words: [ab], patterns: [cd], do: flag}"
    )

    assert one.families == {Family.PERSONAL, Family.SECRETS}
    assert one.own == (Own("ours", ("ab",), ("cd",)),)
    assert guarding("{find: email, do: flag}").families == {Family.PERSONAL}


@pytest.mark.parametrize(
    ("known", "places"),
    [
        ({"team": "a", "verified": True}, [0, 2]),
        ({"team": "b", "verified": True}, [1, 2]),
        ({"team": "a"}, [0, 1, 2]),
        ({}, [1, 2]),
    ],
)
def test_who_says_to_be_somebody_else_is_not_rid_of_a_rule(
    known: dict[str, object], places: list[int]
) -> None:
    """What nobody vouches for counts where it brings a rule, and not where it would spare one."""
    one = guarding(
        "{find: card, do: flag, match: {team: a}}, {find: card, do: flag, match: {team: {not: a}}},"
        "{find: card, do: flag}"
    )

    assert [rule.number for rule in one.about(call(**known))] == places


def test_of_a_value_is_known_its_hash_and_who_lets_it_pass() -> None:
    one = guarding(
        "{find: email, do: flag, allow: '*@firma.de'}, {find: email, do: flag},"
        "{find: email, do: flag, allow: {hash: " + hashed(KEY, "ann@firma.de") + "}}"
    )

    assert one.know("email", "ann@firma.de").passes == {0, 2}
    assert one.know("email", "bob@firma.de").passes == {0}
    assert one.know("email", "ann@firma.de").mark == hashed(KEY, "ann@firma.de")
