"""Whose key a provider gets for a call."""

import pytest

from tests.tollway.policy.written import policy
from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.policy.whose_key import WhoseKey

POLICY = """
credentials:
  openai:
    - {match: {team: a, role: {not: guest}}, inject: env:A}
    - {match: {team: b}, passthrough: true}
    - {inject: env:REST}
  anthropic: passthrough
  groq: {match: {team: a}, inject: env:A}
"""


def whose(provider: str, **attributes: str) -> str | None:
    entry = WhoseKey(policy(POLICY).credentials).of(provider, lambda: attributes)
    return entry.inject if entry is not None else None


def test_the_first_entry_that_matches_holds() -> None:
    assert whose("openai", team="a") == "env:A"
    assert whose("openai", team="a", role="guest") == "env:REST"
    assert whose("openai", team="b") is None
    assert whose("openai") == "env:REST"


@pytest.mark.parametrize("said", ["search", "{not: search}"])
def test_groups_that_nobody_knows_get_nobody_a_key(said: str) -> None:
    keys = WhoseKey(
        policy(f"credentials: {{openai: {{match: {{group: {said}}}, inject: env:A}}}}").credentials
    )

    assert keys.of("openai", lambda: {"group": UNKNOWN_GROUPS}) is None
    assert keys.of("openai", lambda: {"group": ("search",) if said == "search" else ("a",)}) is not None


def test_who_may_be_in_a_group_that_gets_none_gets_none() -> None:
    """Nobody knows the groups, so the entry counts; of the entries behind it none is asked."""
    said = "[{match: {group: interns}, passthrough: true}, {inject: env:A}]"
    keys = WhoseKey(policy(f"credentials: {{openai: {said}}}").credentials)

    assert keys.of("openai", lambda: {"group": UNKNOWN_GROUPS}) is None
    assert keys.of("openai", lambda: {"group": ("a",)}) is not None


def test_where_none_matches_the_callers_own_goes_on() -> None:
    assert whose("groq", team="b") is None
    assert whose("anthropic") is None
    assert whose("mistral") is None


def test_which_providers_may_get_a_key_is_known_without_a_call() -> None:
    found = WhoseKey(policy(POLICY).credentials)

    assert found.places == {"env:A", "env:REST"}
    names = ("openai", "groq", "anthropic", "mistral")
    assert [found.may_be_ours(name) for name in names] == [True, True, False, False]
