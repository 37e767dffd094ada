"""What one guardrail does with one thing that was found."""

import pytest

from tests.tollway.guardrails.spotted import rule, spot
from tollway.guardrails.found import Family, Tier
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Spot


def done(one: Rule, what: Spot) -> Do:
    return one.does(what, what.known)


@pytest.mark.parametrize(
    ("finds", "kind", "family", "does"),
    [
        ({"secrets"}, "github_token", Family.SECRETS, Do.BLOCK),
        ({"github_token"}, "github_token", Family.SECRETS, Do.BLOCK),
        ({"card", "email"}, "github_token", Family.SECRETS, Do.IGNORE),
        ({"personal"}, "github_token", Family.SECRETS, Do.IGNORE),
        ({"codenames"}, "codenames", Family.WORDS, Do.BLOCK),
    ],
)
def test_it_is_about_families_and_kinds(finds: set[str], kind: str, family: Family, does: Do) -> None:
    one = spot(kind, family=family)

    assert rule(finds, Do.BLOCK).does(one, one.known) is does


def test_what_only_looks_like_one_has_its_own_order() -> None:
    one = rule({"secrets"}, Do.BLOCK, generic=Do.FLAG)

    assert done(one, spot("assigned_secret", tier=Tier.GENERIC)) is Do.FLAG
    assert done(one, spot("assigned_secret", tier=Tier.CERTAIN)) is Do.BLOCK


def test_what_it_lets_pass_is_nothing_to_it() -> None:
    one = rule({"secrets"}, Do.BLOCK, number=3)

    assert done(one, spot("github_token", passes={3})) is Do.IGNORE
    assert done(one, spot("github_token", passes={2})) is Do.BLOCK


def test_how_many_there_have_to_be_may_be_said_by_kind() -> None:
    one = rule({"personal"}, Do.BLOCK, least=2, least_of={"email": 10})

    assert (one.least_for("email"), one.least_for("card")) == (10, 2)


def test_what_is_stricter_is_greater() -> None:
    assert Do.IGNORE < Do.FLAG < Do.REDACT < Do.BLOCK
    assert Do.REDACT.word == "redact"
