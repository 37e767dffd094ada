"""A rule that sets something holds even where it leaves a call where it is."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.routing.failing import Failing
from tollway.routing.resolve import Choice, Rule, Target, choices
from tollway.routing.setting import Settings

SET: Settings = (("temperature", 0.2),)
HERE = Target("openai", "gpt-5")


def test_a_call_stays_with_what_the_rule_sets() -> None:
    """Wherever it was before: what changes is not where it is."""
    rules = [Rule("gpt-*", "same", set=SET), Rule("gpt-*", "openai/gpt-5")]

    for tried in ((), ("openai/gpt-5",)):
        assert list(choices(rules, "openai", "gpt-5", tried)) == [Choice(HERE, rules[0])]


def test_a_share_that_stays_is_set_too() -> None:
    rules = [Rule("gpt-*", "openai/same", ((10, "openai/gpt-6"),), set=SET), Rule("gpt-*", "openai/other")]

    found = [list(choices(rules, "openai", "gpt-5", point=point)) for point in (9, 10)]

    assert [choice.target.model for choice in found[0]] == ["gpt-6", "gpt-5", "other"]
    assert [choice.target.model for choice in found[1]] == ["gpt-5", "gpt-6"]
    assert all(choice.rule.set == SET for choice in found[1])


def test_a_target_is_tried_again_with_what_another_rule_sets() -> None:
    """Where the first can't be set, the second may; but each way once."""
    rules = [Rule("*", "a/m", set=SET), Rule("*", "a/m"), Rule("*", "a/m", set=SET)]

    assert [choice.rule.set for choice in choices(rules, "openai", "gpt-5")] == [SET, ()]


def test_all_that_are_tried_when_one_fails_get_the_same() -> None:
    failing = Failing(connect=True)
    rules = [Rule("gpt-*", "same", more=("a/m", "b/m"), failing=failing, set=SET)]

    first, *_ = choices(rules, "openai", "gpt-5", ("openai/gpt-5", "b/m"))

    assert first == Choice(HERE, rules[0], (Target("a", "m"),))


@given(st.lists(st.tuples(st.sampled_from("ab*"), st.sampled_from(["x/a", "x/b", "same"]), st.booleans())))
def test_nothing_is_chosen_twice(rules: list[tuple[str, str, bool]]) -> None:
    made = [Rule(glob, to, set=SET if sets else ()) for glob, to, sets in rules]

    found = list(choices(made, "x", "a"))

    assert len({(choice.target, choice.rule.set) for choice in found}) == len(found)
    assert all(choice.rule.set or choice.target != Target("x", "a") for choice in found)
