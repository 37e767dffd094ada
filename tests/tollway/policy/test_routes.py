"""The section `routes` of a policy."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from tollway.policy.routes import RouteRule, Routes


class Sections(BaseModel):
    """The section, which is a mapping."""

    model_config = ConfigDict(strict=True)

    routes: Routes = {}


def test_a_route_is_a_list_of_rules() -> None:
    """Targets may keep the model, and models may have slashes."""
    rules = [{"from": "gpt-*", "to": "groq/openai/gpt-oss-120b"}, {"from": "claude-*", "to": "bedrock/same"}]

    found = Sections.model_validate({"routes": {"economy": rules}}).routes["economy"]

    assert [(rule.from_, rule.to) for rule in found] == [
        ("gpt-*", "groq/openai/gpt-oss-120b"), ("claude-*", "bedrock/same"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("gpt-5-mini", "write the target as provider/model, as openai/gpt-5-mini, not 'gpt-5-mini'"),
        ("openai/", "write the target as provider/model"),
        ("openai/ ", "write the target as provider/model"),
        ("openai/gpt-5 ", "write the target as provider/model, as openai/gpt-5-mini, not 'openai/gpt-5 '"),
        ("openai/ gpt-5", "write the target as provider/model"),
        ("/gpt-5", "write the target as provider/model"),
        ("OpenAI/gpt-5", "write the target as provider/model"),
        ("openai/gpt-*", "a target is one model, not a pattern, as 'openai/gpt-\\*' is"),
        ("openai/gpt-?", "a target is one model"),
    ],
)
def test_what_is_no_target_says_why(to: str, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said):
        RouteRule.model_validate({"from": "gpt-5", "to": to})


@pytest.mark.parametrize("routes", [{"economy": []}, {"a b": [{"from": "x", "to": "openai/y"}]}])
def test_routes_have_names_and_rules(routes: Any) -> None:
    """A route without a rule leads nowhere."""
    with pytest.raises(ValueError, match=r"economy|a b"):
        Sections.model_validate({"routes": routes})


@pytest.mark.parametrize(
    "split",
    [
        {"90%": "openai/gpt-5-mini", "10%": "groq/openai/gpt-oss-120b"},
        [{"90%": "openai/gpt-5-mini"}, {"10%": "groq/openai/gpt-oss-120b"}],
    ],
)
def test_a_rule_may_split_calls(split: Any) -> None:
    """As a mapping, or as a list of such, where shares are equal."""
    rule = RouteRule.model_validate({"from": "gpt-*", "split": split})

    assert rule.shares == ((90, "openai/gpt-5-mini"), (10, "groq/openai/gpt-oss-120b"))


def test_a_rule_without_shares_has_one() -> None:
    assert RouteRule.model_validate({"from": "gpt-*", "to": "openai/same"}).shares == ((100, "openai/same"),)


def test_two_targets_may_have_half_each() -> None:
    rule = RouteRule.model_validate({"from": "*", "split": [{"50%": "a/b"}, {"50%": "c/d"}]})

    assert rule.shares == ((50, "a/b"), (50, "c/d"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "say either to or split"),
        ({"to": "a/b", "split": {"100%": "a/b"}}, "say either to or split"),
        ({"split": {}}, "the shares come to 0%, and not to 100%"),
        ({"split": {"90%": "a/b"}}, "the shares come to 90%, and not to 100%"),
        ({"split": [{"60%": "a/b"}, {"50%": "c/d"}]}, "the shares come to 110%, and not to 100%"),
        ({"split": {"0%": "a/b"}}, "write the share as a whole percentage of 1% to 100%"),
        ({"split": {"12.5%": "a/b"}}, "write the share as a whole percentage of 1% to 100%"),
        ({"split": {"100%": "gpt-5"}}, "write the target as provider/model"),
    ],
)
def test_what_is_no_split_says_why(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RouteRule.model_validate({"from": "gpt-*", **more})
