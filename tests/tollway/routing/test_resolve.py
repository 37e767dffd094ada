"""A route's rules name the model's next target, and never lead in a circle."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.bound.capacity import LONGEST
from tollway.routing import resolve as resolve_module
from tollway.routing.circumstances import Circumstances
from tollway.routing.failing import Failing
from tollway.routing.resolve import Choice, Rule, Target, choices, keepers, means, resolve

FAILING = Failing(connect=True)
CHAIN = [Rule("claude-*", "same", more=("mantle/same", "groq/gpt-oss"), failing=FAILING)]
ECONOMY = [
    Rule("claude-opus-*", "anthropic/claude-sonnet-5"),
    Rule("claude-*", "anthropic/claude-haiku-4-5"),
    Rule("openai/gpt-*", "groq/openai/gpt-oss-120b"),
    Rule("*", "openrouter/same"),
]


@pytest.mark.parametrize(
    ("provider", "model", "target"),
    [
        ("anthropic", "claude-opus-4-8", "anthropic/claude-sonnet-5"),
        ("anthropic", "CLAUDE-Opus-4-8", "anthropic/claude-sonnet-5"),
        ("anthropic", "claude-sonnet-5", "anthropic/claude-haiku-4-5"),
        ("openai", "gpt-5", "groq/openai/gpt-oss-120b"),
        ("azure", "gpt-5", "openrouter/gpt-5"),
        ("openrouter", "openai/gpt-5", "groq/openai/gpt-oss-120b"),
        ("openrouter", "qwen/qwen4", None),
        ("openai", None, None),
        ("openai", "", None),
    ],
)
def test_the_first_rule_that_means_the_model_decides(
    provider: str, model: str | None, target: str | None
) -> None:
    """By `provider/model`, or by the model alone, which at a router may look the same."""
    found = resolve(ECONOMY, provider, model)

    assert (found and str(found)) == target


def test_a_target_that_was_tried_is_passed_over_for_the_next_rule() -> None:
    tried = {"anthropic/claude-sonnet-5"}

    assert resolve(ECONOMY, "anthropic", "claude-opus-5", tried) == Target("anthropic", "claude-haiku-4-5")
    assert resolve([ECONOMY[0]], "anthropic", "claude-opus-5", tried) is None


def test_a_model_is_not_sent_where_it_is() -> None:
    assert resolve([Rule("*", "openai/same")], "openai", "gpt-5") is None
    assert resolve([Rule("*", "openai/gpt-5")], "openai", "gpt-5") is None


def test_all_targets_come_in_the_order_of_their_rules_and_each_once() -> None:
    """So that one that can't take the call leads to the next."""
    rules = [*ECONOMY, Rule("*opus*", "anthropic/claude-sonnet-5")]

    assert [str(choice.target) for choice in choices(rules, "anthropic", "claude-opus-5")] == [
        "anthropic/claude-sonnet-5", "anthropic/claude-haiku-4-5", "openrouter/claude-opus-5",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("ab*"), st.sampled_from(["x/a", "x/b", "y/a", "y/same"]))))
def test_a_call_that_is_moved_again_and_again_comes_to_an_end(pairs: list[tuple[str, str]]) -> None:
    rules = [Rule(*pair) for pair in pairs]
    tried, at = ["x/a"], Target("x", "a")
    while (found := resolve(rules, at.provider, at.model, tried)) is not None:
        assert str(found) not in tried
        tried.append(str(found))
        at = found

    assert len(tried) <= 5


def test_a_glob_means_the_whole_name() -> None:
    assert means("gpt-5", "openai", "gpt-5")
    assert not means("gpt-5", "openai", "gpt-5-mini")
    assert not means("gpt-[45]*", "openai", "gpt-4o")  # as in a limit's `match`: * and ? alone are wild
    assert not means("openai/*", "azure", "gpt-5")


SPLIT = [
    Rule("gpt-*", "openai/same", ((10, "groq/openai/gpt-oss-120b"), (5, "mistral/mistral-large-latest")))
]


@pytest.mark.parametrize(
    ("point", "first"),
    [(0, "groq/openai/gpt-oss-120b"), (9, "groq/openai/gpt-oss-120b"), (10, "mistral/mistral-large-latest")],
)
def test_a_share_goes_first_where_it_is_sent_and_the_others_follow(point: int, first: str) -> None:
    """So that a target which can't take the call leads to another."""
    found = [str(choice.target) for choice in choices(SPLIT, "azure", "gpt-5", point=point)]

    assert found[0] == first
    assert sorted(found) == ["groq/openai/gpt-oss-120b", "mistral/mistral-large-latest", "openai/gpt-5"]


@pytest.mark.parametrize("point", [15, 99])
def test_a_share_that_stays_is_sent_nowhere(point: int) -> None:
    """By no later rule either."""
    assert list(choices([*SPLIT, *ECONOMY], "openai", "gpt-5", point=point)) == []
    assert str(next(choices(SPLIT, "azure", "gpt-5", point=point)).target) == "openai/gpt-5"


@given(st.lists(st.integers(1, 30), min_size=1, max_size=3), st.integers(0, 99))
def test_each_share_has_as_many_points_as_it_says(shares: list[int], point: int) -> None:
    others = tuple((share, f"p{i}/m") for i, share in enumerate(shares))
    firsts = [Rule("*", "rest/m", others).ways(each)[0] for each in range(100)]

    assert [firsts.count(to) for _, to in others] == shares
    assert firsts.count("rest/m") == 100 - sum(shares)
    assert len(Rule("*", "rest/m", others).ways(point)) == len(shares) + 1


def test_a_rule_whose_when_is_not_met_is_passed_over() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    calls = [Circumstances(attributes={}, at=at, size=1, stream=stream, body={}) for stream in (True, False)]
    rules = [Rule("gpt-*", "openai/a", when=lambda call: call.stream), Rule("gpt-*", "openai/b")]

    found = [
        [choice.target.model for choice in choices(rules, "openai", "gpt-5", call=call)] for call in calls
    ]

    assert found == [["a", "b"], ["b"]]
    assert [choice.target.model for choice in choices(rules, "openai", "gpt-5")] == ["a", "b"]


def chosen(rules: list[Rule], *, tried: tuple[str, ...] = (), rests: tuple[str, ...] = ()) -> list[str]:
    """Where a Claude of Anthropic's goes, and then, and then."""
    found = choices(rules, "anthropic", "claude-x", tried, rests=lambda target: str(target) in rests)
    return [" ".join(map(str, (choice.target, *choice.rest))) for choice in found]


def test_a_call_stays_where_something_is_done_when_that_fails() -> None:
    assert next(choices(CHAIN, "anthropic", "claude-x")) == Choice(
        Target("anthropic", "claude-x"),
        CHAIN[0],
        (Target("mantle", "claude-x"), Target("groq", "gpt-oss")),
    )
    assert chosen([Rule("claude-*", "same")]) == []


@pytest.mark.parametrize(
    "rule",
    [
        Rule("*", "groq/b", ((30, "groq/a"), (20, "groq/b")), failing=FAILING),
        Rule(
            "*", "same", more=("anthropic/claude-x", "groq/a", "groq/claude-x", "groq/same"), failing=FAILING
        ),
    ],
)
def test_no_target_is_tried_again_because_it_is_named_twice(rule: Rule) -> None:
    for point in (0, 40, 60):
        found = [[one.target, *one.rest] for one in choices([rule], "anthropic", "claude-x", point=point)]

        assert all(len(set(ways)) == len(ways) for ways in found), found


def test_a_chain_begins_behind_what_was_tried() -> None:
    assert chosen(CHAIN, tried=("anthropic/claude-x",)) == [
        "mantle/claude-x groq/gpt-oss", "groq/gpt-oss"
    ]  # fmt: skip


def test_targets_that_are_left_alone_come_last() -> None:
    """They are not left out: nobody is refused for their sake."""
    assert (
        chosen(CHAIN, rests=("anthropic/claude-x",))[0] == "mantle/claude-x groq/gpt-oss anthropic/claude-x"
    )
    assert chosen(CHAIN, rests=("mantle/claude-x",))[0] == "anthropic/claude-x groq/gpt-oss mantle/claude-x"


def test_one_that_an_earlier_rule_has_is_none_of_a_later_ones() -> None:
    rules = [*SPLIT, ECONOMY[2], ECONOMY[0]]

    found = [(choice.rule, str(choice.target)) for choice in choices(rules, "openai", "gpt-5", point=12)]

    assert found == [(SPLIT[0], "mistral/mistral-large-latest"), (SPLIT[0], "groq/openai/gpt-oss-120b")]


def test_a_share_that_fails_goes_to_the_others() -> None:
    split = [Rule("claude-*", "same", ((10, "mantle/same"),), failing=FAILING), *CHAIN]

    found = list(choices(split, "anthropic", "claude-x", point=50))

    assert [str(choice.target) for choice in found] == ["anthropic/claude-x", "mantle/claude-x"]
    assert found[0].rest == (Target("mantle", "claude-x"),)


def test_without_failures_that_count_there_is_no_next_target() -> None:
    split = [Rule("claude-*", "mantle/same", ((10, "groq/gpt-oss"),))]

    assert [choice.rest for choice in choices(split, "anthropic", "claude-x", point=50)] == [(), ()]


def test_a_conversation_may_stay_with_every_target_of_its_rules_whatever_else_they_ask() -> None:
    """But not with those of a rule that ignores what it loses."""
    never = Rule("claude-*", "anthropic/claude-haiku-4-5", when=lambda call: False)
    at_once = Rule("*", "openai/gpt-5-nano", at_once=True)
    rules = [never, *SPLIT, at_once]

    claude, gpt = keepers(rules, "anthropic", "claude-opus-5"), keepers(rules, "openai", "gpt-5")

    assert [str(kept.target) for kept in claude] == ["anthropic/claude-haiku-4-5"]
    assert [str(kept.target) for kept in gpt] == [
        "groq/openai/gpt-oss-120b", "openai/gpt-5", "mistral/mistral-large-latest",
    ]  # fmt: skip


def test_a_target_that_a_rule_names_twice_is_tried_once() -> None:
    """As by `same` and by its name."""
    rule = Rule("*", "same", more=("openai/gpt-5", "groq/x"), failing=FAILING)

    assert next(choices([rule], "openai", "gpt-5")).rest == (Target("groq", "x"),)


def test_a_name_that_no_model_has_is_not_remembered() -> None:
    """A client may ask for one of megabytes, again and again."""
    resolve_module._means.cache_clear()

    assert means("gpt-*", "openai", "gpt-" + "x" * LONGEST)
    assert not means("o9", "openai", "gpt-" + "x" * LONGEST)
    assert resolve_module._means.cache_info().currsize == 0
    assert means("gpt-*", "openai", "gpt-4o")
    assert resolve_module._means.cache_info().currsize == 1
