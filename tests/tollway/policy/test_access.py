"""The sections `routes` and `credentials` of a policy."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from tollway.policy.access import Credential, Credentials, RouteRule, Routes


class Sections(BaseModel):
    """The sections that are mappings."""

    model_config = ConfigDict(strict=True)

    routes: Routes = {}
    credentials: Credentials = {}


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


def test_credentials_are_the_callers_or_a_variables() -> None:
    """`passthrough` is short for the caller's own."""
    said = {"openai": "passthrough", "anthropic": {"inject": "env:ANTHROPIC_API_KEY"}}

    assert Sections.model_validate({"credentials": said}).credentials == {
        "openai": Credential(),
        "anthropic": Credential(inject="env:ANTHROPIC_API_KEY"),
    }


@pytest.mark.parametrize("secret", ["made-up-secret", "env:", "env:A B", "env:1A"])
def test_a_key_in_a_policy_is_refused_and_not_repeated(secret: str) -> None:
    """Neither in place of the variable, nor in place of `passthrough`."""
    for said in (secret, {"inject": secret}):
        with pytest.raises(ValueError, match="no key stands in a policy") as caught:
            Sections.model_validate({"credentials": {"openai": said}})
        (error,) = caught.value.errors()  # type: ignore[attr-defined]
        assert secret == "env:" or secret not in error["msg"]
