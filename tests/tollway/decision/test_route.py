"""A route as a call meets it."""

from typing import Any

from tests.tollway.decision.calls import call, decided
from tollway.decision.route import BEFORE, HERE, OTHERS, STAYS, RouteSeen

STANDING = "always: [{route: r}]\n"


def seen(rules: str, asked: str = "gpt-4o", more: str = "", **known: Any) -> RouteSeen:
    """How the route of these rules looks to a call."""
    found = decided(f"{more}{STANDING}routes: {{r: [{rules}]}}", call(asked, **known))
    assert found.steps[0].route is not None
    return found.steps[0].route


def test_rules_are_looked_at_up_to_the_one_that_sends_it_on() -> None:
    rules = """
  {from: "claude-*", to: anthropic/claude-haiku-4-5},
  {from: "gpt-*", when: {stream: true}, to: mistral/same},
  {from: "gpt-*", to: groq/same},
  {from: "*", to: openai/gpt-4.1}"""
    found = seen(rules)

    assert (found.name, found.line, found.leads_to, found.why_not) == ("r", 3, "groq/gpt-4o", None)
    assert [(rule.line, rule.from_, rule.holds, rule.why_not) for rule in found.rules] == [
        (4, "claude-*", False, OTHERS),
        (5, "gpt-*", False, "stream must be true, and is false"),
        (6, "gpt-*", True, None),
    ]
    assert [each.target for each in found.rules[2].targets] == ["groq/gpt-4o"]


def test_a_route_that_leads_nowhere_says_so() -> None:
    found = seen("{from: claude-opus-5, to: anthropic/claude-haiku-4-5}")

    assert (found.leads_to, found.why_not) == (None, "no rule of it sends openai/gpt-4o on")


def test_a_call_is_not_sent_where_it_is_already() -> None:
    """Nor where access rules deny it; the next rule may have somewhere to go."""
    deny = "access: [{name: no-nano, deny: {model: gpt-4.1-nano}}]\n"
    rules = "{from: gpt-4.1-m*, to: openai/gpt-4.1-mini}, {from: gpt-4.1-m*, to: openai/gpt-4.1-nano}"
    found = seen(rules, "gpt-4.1-mini", deny)

    why = "the access rule no-nano denies gpt-4.1-nano at openai (chat)"
    assert [rule.targets[0].why_not for rule in found.rules] == [HERE, why]
    assert found.leads_to is None


SPLIT = "{from: gpt-4o, split: {60%: openai/same, 10%: openai/gpt-4.1, 30%: openai/gpt-5}}"


def test_of_nobody_in_particular_the_largest_share_is_told() -> None:
    """It stays, as its share is to."""
    found = seen(SPLIT)

    shares = [(each.share, each.target, each.chosen, each.why_not) for each in found.rules[0].targets]
    assert shares == [
        (60, "openai/gpt-4o", True, STAYS),
        (10, "openai/gpt-4.1", False, None),
        (30, "openai/gpt-5", False, None),
    ]
    assert (found.leads_to, found.why_not) == (None, STAYS)


def test_shares_are_those_that_callers_have_live() -> None:
    """About as many as each is for, and each time the same."""
    found = [seen(SPLIT, session=f"s{i}").leads_to for i in range(200)]

    assert 85 < found.count(None) < 155
    assert 5 < found.count("openai/gpt-4.1") < 45
    assert found == [seen(SPLIT, session=f"s{i}").leads_to for i in range(200)]


def test_shares_of_one_target_are_told_together() -> None:
    rule = "{from: gpt-4o, split: [{50%: openai/gpt-5}, {30%: openai/gpt-4.1}, {20%: openai/gpt-5}]}"
    (found,) = seen(rule).rules

    assert [(each.share, each.target) for each in found.targets] == [
        (70, "openai/gpt-5"),
        (30, "openai/gpt-4.1"),
    ]


def test_a_share_whose_target_can_not_take_it_goes_to_another() -> None:
    deny = "access: [{name: no-five, deny: {model: gpt-5}}]\n"
    found = seen("{from: gpt-4o, split: {60%: openai/gpt-5, 40%: openai/gpt-4.1}}", more=deny)

    assert found.leads_to == "openai/gpt-4.1"
    assert [(each.chosen, bool(each.why_not)) for each in found.rules[0].targets] == [
        (False, True),
        (True, False),
    ]


def test_a_call_is_not_sent_back() -> None:
    text = """
always: [{route: r}]
routes: {r: [{from: gpt-4o, to: openai/gpt-4.1}], back: [{from: gpt-4.1, to: openai/gpt-4o}]}
limits: [{name: day, amount: 0 USD, window: day, at: {1%: {route: back}}}]
"""
    found = decided(text, call(shares={"": 0}))

    (level,) = [step.route for step in found.steps if step.at is not None]
    assert level is not None
    assert level.rules[0].targets[0].why_not == BEFORE
    assert found.target == "openai/gpt-4.1"


CHAIN = "{from: gpt-4o, to: [openai/o1-mini, same, openai/gpt-4.1, openai/gpt-5]}"


def test_a_chain_begins_with_the_first_that_can_take_the_call() -> None:
    """The others of it follow when that fails, but for those that can't."""
    deny = "access: [{name: no-five, deny: {model: gpt-5}}]\n"
    found = seen(CHAIN, more=deny, tools=True)

    targets = [(each.target, each.share, each.chosen, bool(each.why_not)) for each in found.rules[0].targets]
    assert targets == [
        ("openai/o1-mini", 100, False, True),
        ("openai/gpt-4o", 0, True, False),
        ("openai/gpt-4.1", 0, False, False),
        ("openai/gpt-5", 0, False, True),
    ]
    assert (found.leads_to, found.stays, found.may_wait) == ("openai/gpt-4o", True, False)
    assert found.on_failure is not None
    assert [(each.target, bool(each.why_not)) for each in found.on_failure.then] == [
        ("openai/gpt-4.1", False),
        ("openai/gpt-5", True),
    ]


def test_a_chain_tells_what_of_it_is_behind_the_call() -> None:
    """A limit sends no call back, nor leaves it where it is."""
    text = """
always: [{route: r}]
routes:
  r: [{from: gpt-4o, to: openai/gpt-4.1}]
  next: [{from: "gpt-*", to: [openai/gpt-5, openai/gpt-4o, same]}]
limits: [{name: day, amount: 0 USD, window: day, at: {1%: {route: next}}}]
"""
    (level,) = [step.route for step in decided(text, call(shares={"": 0})).steps if step.at is not None]

    assert level is not None
    assert [each.why_not for each in level.rules[0].targets] == [None, BEFORE, HERE]
    assert level.on_failure is not None
    assert level.on_failure.then == ()


def test_a_share_that_stays_may_have_something_set_or_something_to_try() -> None:
    rule = SPLIT.removesuffix("}")
    found = seen(f"{rule}, set: {{seed: 7}}}}")
    assert (found.leads_to, found.stays, found.set) == ("openai/gpt-4o", True, {"seed": 7})

    found = seen(f"{rule}, retries: 1}}")
    assert found.on_failure is not None
    assert [each.target for each in found.on_failure.then] == ["openai/gpt-4.1", "openai/gpt-5"]


def test_a_share_that_stays_ends_the_route_even_where_nothing_can_take_it() -> None:
    rules = (
        "{from: gpt-4o, split: {60%: same, 40%: groq/x}, set: {top_k: 3}}, {from: '*', to: openai/gpt-4.1}"
    )
    found = seen(rules)

    assert (found.leads_to, found.why_not, len(found.rules)) == (None, STAYS, 1)
    assert [each.why_not for each in found.rules[0].targets] == ["set top_k: openai_chat has none"] * 2


def test_what_another_rule_sets_is_another_target() -> None:
    """A call may stay for what is set though an earlier rule has nowhere else to go."""
    found = seen("{from: 'gpt-4*', to: openai/gpt-4o}, {from: 'gpt-*', to: same, set: {seed: 7}}")

    assert [rule.targets[0].why_not for rule in found.rules] == [HERE, None]
    assert (found.leads_to, found.stays) == ("openai/gpt-4o", True)


def test_a_conversation_may_wait_for_another_target_unless_the_rule_says_otherwise() -> None:
    assert seen("{from: gpt-4o, to: openai/gpt-4.1}").may_wait
    assert not seen("{from: gpt-4o, to: openai/gpt-4.1, cache: ignore}").may_wait
    assert not seen("{from: gpt-4o, to: same, set: {seed: 7}}").may_wait


def test_a_share_that_would_lead_back_goes_to_another() -> None:
    text = """
always: [{route: r}]
routes:
  r: [{from: gpt-4o, to: openai/gpt-4.1}]
  back: [{from: gpt-4.1, split: {60%: openai/gpt-4o, 40%: openai/gpt-5}}]
limits: [{name: day, amount: 0 USD, window: day, at: {1%: {route: back}}}]
"""
    (level,) = [step.route for step in decided(text, call(shares={"": 0})).steps if step.at is not None]

    assert level is not None
    assert [(each.chosen, each.why_not) for each in level.rules[0].targets] == [(False, BEFORE), (True, None)]
