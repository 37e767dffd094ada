"""What becomes of a text in which something was found."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.guardrails.spotted import rule, spot
from tollway.guardrails.found import Tier
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Searched, Spot
from tollway.guardrails.verdict import NOTHING, UNSCANNED, Finding, Verdict, verdict

TOKEN, CARD = spot("github_token", "t", start=1), spot("card", "c", start=9)


def judged(spots: Sequence[Spot], *rules: Rule, unread: int = 0, may_change: bool = True) -> Verdict:
    return verdict(Searched(tuple(spots), unread), rules, may_change)


def test_where_nothing_is_found_or_no_rule_is_about_it_nothing_is_done() -> None:
    block = rule({"secrets"}, Do.BLOCK)

    assert judged([], block) is NOTHING
    assert judged([TOKEN]) is NOTHING
    assert judged([TOKEN], rule({"email"}, Do.BLOCK)).do is Do.IGNORE


def test_a_finding_says_kind_place_and_mark() -> None:
    found = judged([TOKEN, CARD], rule({"github_token"}, Do.BLOCK, name="no-keys"))

    assert found.do is Do.BLOCK
    assert found.findings == (
        Finding(kind="github_token", at="/messages/1", mark="t", do=Do.BLOCK, by="no-keys"),
    )
    assert found.kinds == ["github_token"]
    assert found.findings[0].said == "block github_token"


def test_a_place_says_nothing_of_a_prompt_but_the_names_of_members() -> None:
    """Keys of JSON in it may be anything: people, numbers, sentences."""
    one = replace(TOKEN, path=("messages", 3, "input", "Ann Meier", "order_4711", "to-list", "x" * 33))

    (found,) = judged([one], rule({"secrets"}, Do.FLAG)).findings

    assert found.at == "/messages/3/input/*/*/to-list/*"


def test_the_same_value_is_one_finding_at_its_first_place() -> None:
    again = spot("github_token", "t", start=20)

    (one,) = judged([TOKEN, again], rule({"secrets"}, Do.FLAG)).findings

    assert (one.at, one.times) == ("/messages/1", 2)


def test_of_several_rules_the_strictest_holds() -> None:
    flag, block, redact = (
        rule({"secrets"}, do, number=n, name=do.word) for n, do in enumerate((Do.FLAG, Do.BLOCK, Do.REDACT))
    )

    found = judged([TOKEN], flag, block, redact)

    assert (found.do, found.redact) == (Do.BLOCK, ())
    assert [one.by for one in found.findings] == ["block"]


def test_what_is_taken_out_is_put_back_only_where_all_rules_that_take_it_out_do() -> None:
    back = rule({"secrets"}, Do.REDACT, restore=True, never_into=("web_*",))
    gone = rule({"secrets"}, Do.REDACT, number=1)

    assert judged([TOKEN], back).restore == {"t"}
    assert judged([TOKEN], back).never_into == {"web_*"}
    assert judged([TOKEN], back, gone).restore == frozenset()
    assert judged([TOKEN], gone, back).redact == (TOKEN,)
    assert judged([TOKEN], back, rule({"secrets"}, Do.FLAG, number=1)).restore == {"t"}


def test_what_may_not_be_changed_is_blocked_instead() -> None:
    redact = rule({"secrets"}, Do.REDACT)

    found = judged([TOKEN], redact, may_change=False)

    assert (found.do, found.redact) == (Do.BLOCK, ())


def test_a_few_values_are_nothing_to_a_rule_that_wants_more() -> None:
    """Different ones: the same one twice is one."""
    bulk = rule({"email"}, Do.BLOCK, least_of={"email": 2})
    first, second = spot("email", "1"), spot("email", "2", start=8)

    assert judged([first, first], bulk).do is Do.IGNORE
    assert judged([first, second], bulk).do is Do.BLOCK


def test_what_only_looks_like_one_does_not_count_where_it_is_ignored() -> None:
    bulk = rule({"email"}, Do.BLOCK, generic=Do.IGNORE, least=2)
    sure, unsure = spot("email", "1"), spot("email", "2", tier=Tier.GENERIC)

    assert judged([sure, unsure], bulk).do is Do.IGNORE


def test_a_rule_in_shadow_says_what_it_would_do_and_does_nothing() -> None:
    shadow = rule({"secrets"}, Do.BLOCK, shadow=True, unscanned=Do.BLOCK)
    flag = rule({"secrets"}, Do.FLAG, number=1, name="flag")

    found = judged([TOKEN], shadow, flag, unread=1)

    assert found.do is Do.FLAG
    assert [(one.by, one.do, one.shadow) for one in found.findings] == [
        ("flag", Do.FLAG, False),
        ("guardrails[0]", Do.BLOCK, True),
        ("guardrails[0]", Do.BLOCK, True),
    ]
    assert found.kinds == ["github_token"]


@pytest.mark.parametrize(("unscanned", "do"), [(Do.IGNORE, 0), (Do.FLAG, 1), (Do.BLOCK, 1)])
def test_files_that_nothing_reads_are_as_the_rule_says(unscanned: Do, do: int) -> None:
    found = judged([], rule({"secrets"}, Do.BLOCK, unscanned=unscanned), unread=3)

    assert found.do is unscanned
    assert [(one.kind, one.times) for one in found.findings] == [(UNSCANNED, 3)] * do


@given(
    st.lists(st.sampled_from([TOKEN, CARD, spot("email", "e", tier=Tier.GENERIC)])),
    st.lists(
        st.builds(
            rule,
            st.sets(st.sampled_from(["secrets", "card", "email"]), min_size=1),
            st.sampled_from([Do.FLAG, Do.REDACT, Do.BLOCK]),
            number=st.integers(0, 9),
            generic=st.sampled_from(list(Do)),
            shadow=st.booleans(),
        ),
        unique_by=lambda one: one.number,
    ),
    st.booleans(),
)
def test_one_more_rule_never_makes_a_verdict_milder(
    spots: list[Spot], rules: list[Rule], may_change: bool
) -> None:
    """And a rule in shadow never changes one."""
    found = judged(spots, *rules, may_change=may_change)

    for one in rules:
        less = judged(spots, *(other for other in rules if other is not one), may_change=may_change)
        assert less.do <= found.do
        if one.shadow:
            assert (less.do, less.redact) == (found.do, found.redact)
