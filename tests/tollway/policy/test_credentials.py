"""The section `credentials` of a policy."""

import pytest
from pydantic import BaseModel, ConfigDict

from tollway.policy.credentials import Credential, Credentials


class Sections(BaseModel):
    """The section, which is a mapping."""

    model_config = ConfigDict(strict=True)

    credentials: Credentials = {}


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
