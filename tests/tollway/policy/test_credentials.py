"""The section `credentials` of a policy."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from tollway.policy.credentials import Credential, Credentials


class Sections(BaseModel):
    """The section, which is a mapping."""

    model_config = ConfigDict(strict=True)

    credentials: Credentials = {}


def entries(said: Any) -> tuple[Credential, ...]:
    """Those of one provider."""
    return Sections.model_validate({"credentials": {"openai": said}}).credentials["openai"]


def test_a_credential_is_the_callers_or_stands_somewhere() -> None:
    """`passthrough` is short for the caller's own, and one entry for a list of one."""
    (own,), (one,) = entries("passthrough"), entries({"inject": "env:OPENAI_API_KEY"})

    assert (own.inject, own.passthrough) == (None, True)
    assert (one.inject, one.passthrough) == ("env:OPENAI_API_KEY", False)


def test_entries_may_be_for_some_calls_some_hosts_and_another_header() -> None:
    said = [
        {"match": {"team": "a"}, "inject": "file:/run/key", "hosts": ["A.example"], "header": "Api-Key"},
        {"inject": "command:gcloud auth print-access-token"},
        "passthrough",
    ]
    first, second, third = entries(said)

    assert (first.match["team"].values, first.hosts, first.header) == (("a",), ("a.example",), "api-key")
    assert (second.inject, third.passthrough) == ("command:gcloud auth print-access-token", True)


@pytest.mark.parametrize(
    "secret", ["made-up-secret", "env:", "env:A B", "env:1A", "file:", "command:", "command: x", "http://x"]
)
def test_a_key_in_a_policy_is_refused_and_not_repeated(secret: str) -> None:
    """Neither in place of where it is, nor in place of `passthrough`."""
    for said in (secret, {"inject": secret}, [secret]):
        with pytest.raises(ValidationError, match="no key stands in a policy") as caught:
            entries(said)
        (error,) = caught.value.errors()
        assert secret not in error["msg"].replace("env:VARIABLE, file:PATH or command:WORDS", "")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "must not be empty"),
        ({}, "say either inject or passthrough"),
        ({"inject": "env:A", "passthrough": True}, "say either inject or passthrough"),
        ({"inject": "env:AWS_SECRET_ACCESS_KEY"}, "requests can't be signed in their caller's place"),
        ({"inject": "env:A", "match": {"model": "gpt-5"}}, "before the body is read, which tells the model"),
        ({"inject": "env:A", "match": {"session": "x"}}, "before the body is read, which tells the session"),
        ({"inject": "env:A", "hosts": ["https://a.example"]}, "write the name of a host"),
        ({"inject": "env:A", "header": "a b"}, "is no name of a header"),
    ],
)
def test_what_can_not_be_says_why(said: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        entries(said)
