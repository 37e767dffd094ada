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
