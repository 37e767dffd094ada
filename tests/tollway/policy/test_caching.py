"""Which entry of `cache` is about a call, and whether any scope is open to its caller."""

from typing import Any

import pytest

from tests.tollway.policy.written import policy
from tollway.caching.rule import Offer, Rule
from tollway.caching.scope import NO_TEAM, NO_USER, NOBODY_VOUCHES, Scope
from tollway.model import CallRecord
from tollway.policy.caching import HINTED, NO_RULE, Caching, caching

KNOWS = "identity: [{networks: {10.0.0.0/8: {team: a}}}]"
HOUR_US = 3_600_000_000


def of(entries: str, knows: str = KNOWS) -> Caching:
    found = caching(policy(f"cache: [{entries}]\n{knows}"))
    assert found is not None
    return found


def call(**known: Any) -> CallRecord:
    said: dict[str, Any] = {"client": "10.0.0.1", "provider": "openai"}
    return CallRecord(id="x", state="open", started_us=0, **(said | known))


def ann(**known: Any) -> CallRecord:
    """Somebody for whom somebody vouches."""
    return call(**({"user": "ann", "team": "research", "verified": True} | known))


def test_a_policy_that_says_nothing_has_nothing_cached() -> None:
    assert caching(policy("")) is None


def test_the_first_entry_that_is_about_a_call_offers_its_terms() -> None:
    rules = of(
        "{name: mine, match: {team: research}, ttl: 2h, scope: team, max_size: 2 KB, key: {ignore: [a.b]}},"
        "{ttl: 1h}"
    )

    assert rules.offer(ann()) == Offer(
        rule=Rule(name="mine", ttl_us=2 * HOUR_US, scope=Scope.TEAM, largest=2000, ignored=(("a", "b"),)),
        scope="team research",
    )
    assert rules.offer(ann(team="sales")) == Offer(
        rule=Rule(name="cache[1]", ttl_us=HOUR_US, scope=Scope.USER, largest=1_000_000), scope="user ann"
    )


@pytest.mark.parametrize(
    ("entries", "who", "why"),
    [
        ("{match: {team: sales}, ttl: 1h}", ann(), NO_RULE),
        ("{ttl: 1h, scope: team}", ann(team=None), NO_TEAM),
        ("{ttl: 1h}", ann(user=None), NO_USER),
        ("{ttl: 1h}", call(), NOBODY_VOUCHES),
        ("{ttl: 1h, scope: company}", call(), NOBODY_VOUCHES),
        ("{ttl: 1h, scope: company}", call(client="127.0.0.1"), NOBODY_VOUCHES),
    ],
)
def test_where_no_scope_is_open_nothing_is_offered(entries: str, who: CallRecord, why: str) -> None:
    assert of(entries).offer(who) == why


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("match", ["match: {team: research}, ", "match: {user: {not: bob}}, ", ""])
def test_what_a_caller_says_of_itself_opens_nothing(scope: Scope, match: str) -> None:
    """Neither an entry that is about whom it says to be, nor the one behind it, nor any scope."""
    rules = of(f"{{{match}ttl: 1h, scope: {scope.value}}}, {{ttl: 1h, scope: company}}")

    assert rules.offer(call(user="ann", team="research", service="ci")) in (HINTED, NOBODY_VOUCHES)


@pytest.mark.parametrize(
    ("scope", "who", "name"),
    [
        ("user", call(client="127.0.0.1", credential="f1"), "machine f1"),
        ("user", call(client="::1"), "machine"),
        ("company", call(), "company"),
    ],
)
def test_without_identity_this_machine_is_a_user_and_whoever_reaches_the_proxy_is_the_company(
    scope: str, who: CallRecord, name: str
) -> None:
    found = of(f"{{ttl: 1h, scope: {scope}}}", "").offer(who)

    assert isinstance(found, Offer)
    assert found.scope == name


@pytest.mark.parametrize(
    ("scope", "who"), [("user", call()), ("user", call(client=None)), ("team", call(client="127.0.0.1"))]
)
def test_without_identity_other_machines_are_nobody(scope: str, who: CallRecord) -> None:
    assert of(f"{{ttl: 1h, scope: {scope}}}", "").offer(who) == NOBODY_VOUCHES
