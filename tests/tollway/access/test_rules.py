"""What the rules of a policy make of a call."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.access.named import Named
from tollway.access.rules import Access, Verdict
from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.load import load

CALL: Mapping[str, Value] = {"provider": "anthropic", "operation": "chat", "role": "intern"}
OPUS, HAIKU = Named(("claude-opus-4-8",)), Named(("claude-haiku-4-5",))
UNREAD = Named(unknown="nothing reads it")
FRONTIER = {
    "name": "frontier",
    "deny": {"model": ["*opus*", "gpt-5-pro"]},
    "unless": {"role": ["senior", "lead"]},
}
CLAUDE = {"name": "claude", "allow": {"provider": "anthropic", "operation": "chat"}}
REST = {"default": "deny"}


def access(*rules: Mapping[str, Any]) -> Access:
    """The rules, in force."""
    return Access(load(json.dumps({"version": 1, "access": list(rules)}), "p.yaml").access)


def verdict(
    rules: Sequence[Mapping[str, Any]], named: Named, waived: bool = False, **attributes: Value
) -> Verdict:
    return access(*rules).verdict({**CALL, **attributes}, named, waived)


def told(found: Verdict) -> tuple[bool, str, str | None]:
    return found.allowed, found.by, found.rule.name if found.rule else None


def test_without_rules_there_is_nothing_to_ask() -> None:
    assert not access()
    assert access(REST)
    assert access(FRONTIER)


def test_a_rule_denies_what_it_means_but_for_what_it_spares() -> None:
    assert told(verdict([FRONTIER], OPUS)) == (False, "deny", "frontier")
    assert told(verdict([FRONTIER], OPUS, role="lead")) == (True, "default", None)
    assert told(verdict([FRONTIER], HAIKU)) == (True, "default", None)


def test_all_of_unless_has_to_be_met() -> None:
    rule = {"deny": {}, "unless": {"role": "lead", "provider": "openai"}}

    assert not verdict([rule], HAIKU, role="lead").allowed
    assert verdict([rule], HAIKU, role="lead", provider="openai").allowed


def test_deny_wins_over_allow() -> None:
    assert told(verdict([CLAUDE, FRONTIER], OPUS)) == (False, "deny", "frontier")


def test_by_default_what_no_rule_denies_is_allowed() -> None:
    found = verdict([CLAUDE], HAIKU)

    assert told(found) == (True, "default", None)
    assert [rule.name for rule in found.meaning] == ["claude"]


def test_a_default_denies_what_no_rule_allows() -> None:
    assert told(verdict([CLAUDE, REST], HAIKU)) == (True, "allow", "claude")
    assert told(verdict([CLAUDE, REST], HAIKU, provider="openai")) == (False, "default", None)
    assert told(verdict([REST], HAIKU)) == (False, "default", None)


def test_every_model_that_may_run_has_to_be_admitted() -> None:
    both = Named(("claude-haiku-4-5", "claude-opus-4-8"))
    found = verdict([FRONTIER], both)

    assert told(found) == (False, "deny", "frontier")
    assert found.model == "claude-opus-4-8"
    assert not verdict([{"allow": {"model": "*haiku*"}}, REST], both).allowed
    assert verdict([{"allow": {"model": ["*haiku*", "*opus*"]}}, REST], both).allowed


def test_what_nobody_read_counts_against_the_caller() -> None:
    assert told(verdict([FRONTIER], UNREAD)) == (False, "deny", "frontier")
    assert not verdict([FRONTIER], UNREAD).sure
    assert told(verdict([FRONTIER], UNREAD, role="lead")) == (True, "default", None)
    assert told(verdict([{"allow": {"model": "*haiku*"}}, REST], UNREAD)) == (False, "default", None)
    assert told(verdict([CLAUDE, REST], UNREAD)) == (True, "allow", "claude")
    assert not verdict([{"deny": {"model": {"not": "*haiku*"}}}], UNREAD).allowed
    assert not verdict([{"deny": {}, "unless": {"model": "*haiku*"}}], UNREAD).allowed
    assert not verdict([{"allow": {}, "unless": {"model": "*opus*"}}, REST], UNREAD).allowed


def test_what_passes_unread_is_held_to_what_is_known_of_it() -> None:
    assert verdict([FRONTIER], UNREAD, waived=True).allowed
    assert verdict([{"allow": {"model": "*haiku*"}}, REST], UNREAD, waived=True).allowed
    assert not verdict([FRONTIER], Named(("claude-opus-4-8",), unknown="x"), waived=True).allowed
    assert not verdict([{"deny": {"provider": "anthropic"}}], UNREAD, waived=True).allowed
    assert not verdict([{"allow": {"provider": "openai"}}, REST], UNREAD, waived=True).allowed


@pytest.mark.parametrize("condition", ["contractors", {"not": "contractors"}, "*", {"not": "*"}])
def test_groups_that_nobody_knows_never_help_the_caller(condition: Any) -> None:
    assert not verdict([{"deny": {"group": condition}}], HAIKU, group=UNKNOWN_GROUPS).allowed
    assert not verdict([{"deny": {}, "unless": {"group": condition}}], HAIKU, group=UNKNOWN_GROUPS).allowed
    assert not verdict([{"allow": {"group": condition}}, REST], HAIKU, group=UNKNOWN_GROUPS).allowed
    assert not verdict(
        [{"allow": {}, "unless": {"group": condition}}, REST], HAIKU, group=UNKNOWN_GROUPS
    ).allowed


def test_a_refusal_that_is_certain_is_told_before_one_that_is_not() -> None:
    """Of rules and of models."""
    may = {"name": "a", "deny": {"model": "*opus*"}}
    does = {"name": "b", "deny": {"provider": "anthropic"}}

    assert told(verdict([may, does], UNREAD)) == (False, "deny", "b")
    found = verdict(
        [FRONTIER], Named(("arn:aws:bedrock:r:1:application-inference-profile/x", "claude-opus-4-8"))
    )
    assert (found.model, found.sure) == ("claude-opus-4-8", True)


def test_a_rule_without_a_name_is_known_by_its_place() -> None:
    assert told(verdict([CLAUDE, {"deny": {"model": "*opus*"}}], OPUS)) == (False, "deny", "access[1]")


def test_models_are_asked_for_only_where_a_rule_does() -> None:
    assert access(FRONTIER).needs_models
    assert access({"deny": {"role": "x"}, "unless": {"model": "y"}}).needs_models
    assert not access(CLAUDE, REST).needs_models


def test_a_default_that_refuses_for_what_is_not_known_says_so() -> None:
    assert not verdict([{"allow": {"model": "*haiku*"}}, REST], UNREAD).sure
    assert verdict([{"allow": {"model": "*haiku*"}}, REST], OPUS).sure


MODELS = ("claude-opus-4-8", "claude-haiku-4-5", "gpt-5", "openrouter/auto")
CONDITIONS = st.dictionaries(
    st.sampled_from(["model", "role", "group", "provider"]),
    st.sampled_from(["*opus*", "gpt-5", "intern", "anthropic", "*", "a"]).flatmap(
        lambda text: st.sampled_from([text, {"not": text}])
    ),
    max_size=2,
)
RULES = st.builds(
    lambda kind, match, unless: {kind: match} | ({"unless": unless} if unless else {}),
    st.sampled_from(["allow", "deny"]),
    CONDITIONS,
    CONDITIONS,
)
NAMED = st.builds(
    lambda models, unknown: Named(tuple(models), unknown=unknown),
    st.lists(st.sampled_from(MODELS), max_size=2, unique=True),
    st.sampled_from([None, "why"]),
)
GROUPS = st.sampled_from([None, ("a",), UNKNOWN_GROUPS])


@given(st.data(), st.lists(RULES, max_size=5), NAMED, GROUPS, st.booleans())
def test_in_whatever_order_rules_stand_the_verdict_is_the_same(
    data: st.DataObject, rules: list[dict[str, Any]], named: Named, groups: Value, rest: bool
) -> None:
    """The same rule is named, too: what it says tells which that is."""
    rules = [*rules, *([REST] if rest else [])]
    others = data.draw(st.permutations(rules))
    found, again = (verdict(each, named, group=groups) for each in (rules, others))

    assert (found.allowed, found.by, found.sure, found.model) == (
        again.allowed,
        again.by,
        again.sure,
        again.model,
    )
    assert (found.rule is None) == (again.rule is None)
    if found.rule is not None and again.rule is not None:
        assert rules[found.rule.place] == others[again.rule.place]


@given(st.lists(RULES, max_size=4), NAMED, st.sampled_from(MODELS), st.booleans())
def test_to_know_less_never_helps(rules: list[dict[str, Any]], named: Named, more: str, rest: bool) -> None:
    """Whoever hides models, names more of them, or is in more groups, is admitted to nothing new."""
    rules = [*rules, *([REST] if rest else [])]
    hidden = Named(named.models, unknown="why")
    longer = Named((*named.models, more), unknown=named.unknown)

    if verdict(rules, hidden).allowed and named.models:
        assert verdict(rules, named).allowed
        assert all(verdict(rules, Named((model,))).allowed for model in named.models)
    if verdict(rules, longer).allowed:
        assert verdict(rules, Named((more,))).allowed
    if verdict(rules, named, group=UNKNOWN_GROUPS).allowed:
        assert verdict(rules, named, group=("a",)).allowed
        assert verdict(rules, named, group=None).allowed


@given(st.lists(RULES, max_size=4), RULES, NAMED, st.booleans())
def test_another_deny_allows_nothing_and_another_allow_denies_nothing(
    rules: list[dict[str, Any]], another: dict[str, Any], named: Named, rest: bool
) -> None:
    rules = [*rules, *([REST] if rest else [])]
    before, after = verdict(rules, named).allowed, verdict([*rules, another], named).allowed

    assert (after <= before) if "deny" in another else (before <= after)
