"""What callers are told of a refusal."""

from typing import Any

import pytest

from tests.tollway.admitting import asked
from tollway.access.judging import Denial, denial, message
from tollway.access.named import Named
from tollway.access.rules import Access, Verdict
from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.model import BATCH, Endpoint, Identity, Kind
from tollway.policy.load import load
from tollway.policy.schema import Faults

DENY = "{name: frontier, deny: {model: gpt-4o}}"
PATH = Endpoint(kind=Kind.UNKNOWN, provider="openai", host="api.openai.com", errors="openai_chat")
BATCHES = Endpoint(kind=Kind.UNKNOWN, provider="openai", host="api.openai.com", operation=BATCH)


def judged(rules: str, faults: Faults | None = None, **known: Any) -> Denial | None:
    """Why a call of gpt-4o is not admitted."""
    call = asked(**known)
    return denial(
        Access(load(f"version: 1\naccess: [{rules}]", "p").access), call, call.parsed, faults or Faults()
    )


def said(rules: str, **known: Any) -> str:
    found = judged(rules, **known)
    assert found is not None
    assert (found.status, found.code) == (403, "access_denied")
    return found.message


def test_what_is_admitted_is_told_nothing() -> None:
    assert judged("{deny: {model: gpt-5}}") is None


def test_a_refusal_names_the_rule_and_what_it_denies() -> None:
    assert said(DENY) == "the access rule frontier denies gpt-4o at openai (chat)"
    assert said("{deny: {operation: chat}}") == "the access rule access[0] denies gpt-4o at openai (chat)"
    assert said("{default: deny}") == "no access rule allows gpt-4o at openai (chat)"


def test_a_models_other_names_are_denied_like_itself() -> None:
    body = {"model": "openai-gpt-4o", "messages": []}

    assert said(DENY, body=body) == "the access rule frontier denies openai-gpt-4o at openai (chat)"


def test_a_long_name_is_cut() -> None:
    assert "x" * 64 + " at" in said("{default: deny}", body={"model": "x" * 300})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"messages": []}, "it names no model"),
        ({"model": "openrouter/auto"}, "nothing tells which model openrouter/auto stands for"),
        ({"agent": "x"}, "nothing tells which model x stands for"),
    ],
)
def test_what_nobody_knows_is_said(body: dict[str, Any], why: str) -> None:
    assert said(DENY, body=body) == f"the access rule frontier may be about this call, and {why}"
    assert said("{allow: {model: gpt-4o}}, {default: deny}", body=body).endswith(f": {why}")


def test_groups_that_nobody_knows_are_said() -> None:
    who = Identity(user="ann", groups=UNKNOWN_GROUPS, verified=True)

    assert said("{deny: {group: contractors}}", identity=who).endswith(
        "may be about this call, and the caller is in more groups than its token can say"
    )


def test_a_body_that_nothing_reads_is_refused_as_under_hard_limits() -> None:
    found = judged(DENY, parsed=None, asked=None)

    assert found is not None
    assert (found.status, found.code) == (400, "unreadable")
    assert "its body is not what this path takes (faults: unknown_call)" in found.message
    assert judged(DENY, Faults(unknown_call="pass"), parsed=None, asked=None) is None


@pytest.mark.parametrize(
    ("endpoint", "why", "faults"),
    [
        (PATH, "nothing here reads it (faults: unknown_call)", Faults(unknown_call="pass")),
        (BATCHES, "nothing here reads what is in a batch (faults: batch)", Faults(batch="allow")),
    ],
)
def test_paths_that_nothing_reads_pass_where_the_policy_lets_them(
    endpoint: Endpoint, why: str, faults: Faults
) -> None:
    known = {"parsed": None, "asked": None, "endpoint": endpoint}
    call = asked()
    for name, value in known.items():
        setattr(call, name, value)
    rules = Access(load(f"version: 1\naccess: [{DENY}]", "p").access)

    found = denial(rules, call, None, Faults())
    assert found is not None
    assert found.message == f"the access rule frontier may be about this call, and {why}"
    assert denial(rules, call, None, faults) is None


def test_a_batch_is_judged_by_what_its_requests_name() -> None:
    rules = Access(load(f"version: 1\naccess: [{DENY}]", "p").access)
    call = asked()
    call.endpoint, call.parsed, call.asked = BATCHES, None, None

    found = denial(rules, call, None, Faults(batch="allow"), Named(("o3", "gpt-4o")))
    assert found is not None
    assert found.message == "the access rule frontier denies gpt-4o at openai (batch)"
    assert denial(rules, call, None, Faults(), Named(("o3",))) is None
    assert denial(rules, call, None, Faults(), Named(("o3",), unknown="odd")) is not None
    assert denial(rules, call, None, Faults(batch="allow"), Named(("o3",), unknown="odd")) is None


def test_what_names_no_model_is_told_by_its_operation() -> None:
    known = {"provider": "openai", "operation": "unknown"}

    assert (
        message(Verdict(allowed=False, by="default"), known)
        == "no access rule allows unknown calls at openai"
    )


def test_of_a_call_to_nobody_in_particular_no_provider_is_told() -> None:
    known = {"operation": "chat", "provider": None}

    assert message(Verdict(allowed=False, by="default"), known) == "no access rule allows chat calls"
    denied = Verdict(allowed=False, by="default", model="gpt-5")
    assert message(denied, known) == "no access rule allows gpt-5 (chat)"


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("{name: shut, deny: {provider: openai}}", "the access rule shut denies free calls at openai"),
        ("{allow: {provider: anthropic}}, {default: deny}", "no access rule allows free calls at openai"),
        ("{allow: {provider: openai, model: gpt-4o, operation: chat}}, {default: deny}", None),
        ("{deny: {model: gpt-4o}}", None),
        ("{deny: {operation: images}}", None),
    ],
)
def test_what_is_free_runs_no_model_and_is_no_operation(rules: str, why: str | None) -> None:
    """So rules that name one are not about it, and those that allow one are no reason to refuse it."""
    call = asked()
    call.endpoint = Endpoint(kind=Kind.PASS, provider="openai", host="api.openai.com", errors="openai_chat")
    call.parsed = call.asked = None
    found = denial(Access(load(f"version: 1\naccess: [{rules}]", "p").access), call, None, Faults())

    assert (found.message if found is not None else None) == why
