"""What a policy makes of a call that nobody has made."""

import json
from typing import Any

import pytest

from tollway.access.explained import Explained, as_json, as_text, explained
from tollway.policy.load import load

POLICY: dict[str, Any] = {
    "version": 1,
    "access": [
        {"name": "frontier", "deny": {"model": "*opus*"}, "unless": {"role": "lead"}},
        {"allow": {"provider": "anthropic"}},
        {"default": "deny"},
    ],
    "limits": [
        {"name": "interns", "match": {"role": "intern"}, "amount": "5 USD", "window": "day"},
        {"name": "opus", "match": {"model": "*opus*"}, "amount": "5 USD", "window": "day"},
    ],
}
LINES = {0: 3, 1: 4, 2: 5}


def found(*models: str, faults: dict[str, str] | None = None, **known: str) -> Explained:
    attributes = {"provider": "anthropic", "operation": "chat", **known}
    policy = load(json.dumps(POLICY | {"faults": faults or {}}), "p.yaml")
    return explained(policy, attributes, models)


def test_who_decides_is_said_and_who_else_is_about_the_call() -> None:
    said = found("claude-opus-4-8", role="intern")

    assert as_text(said, "p.yaml", LINES) == (
        "denied: the access rule frontier denies claude-opus-4-8 at anthropic (chat) (p.yaml:3)\n"
        "also allow: access[1] (p.yaml:4)\n"
        "limits: interns, opus"
    )
    assert as_json(said, LINES) == {
        "allowed": False,
        "rule": "frontier",
        "by": "deny",
        "why": "the access rule frontier denies claude-opus-4-8 at anthropic (chat)",
        "rules": [
            {"name": "frontier", "kind": "deny", "line": 3},
            {"name": "access[1]", "kind": "allow", "line": 4},
        ],
        "limits": ["interns", "opus"],
    }


def test_what_is_allowed_is_said_by_whom() -> None:
    assert as_text(found("claude-haiku-4-5"), "p.yaml", LINES) == (
        "allowed: the access rule access[1] allows it (p.yaml:4)\nlimits: none"
    )


def test_a_default_has_no_rule() -> None:
    said = found("gpt-5", provider="openai")

    assert (said.verdict.allowed, said.verdict.by, said.verdict.rule) == (False, "default", None)
    assert as_text(said, "p", LINES).startswith("denied: no access rule allows gpt-5 at openai (chat)\n")


def test_without_rules_nothing_is_denied() -> None:
    said = explained(load("version: 1", "p"), {"operation": "chat"}, ())

    assert as_json(said, {}) == {
        "allowed": True,
        "rule": None,
        "by": "default",
        "why": "no access rule denies it",
        "rules": [],
        "limits": [],
    }


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ("chat", "it names no model"),
        ("batch", "nothing here reads what is in a batch (faults: batch)"),
        ("unknown", "nothing here reads it (faults: unknown_call)"),
    ],
)
def test_a_call_whose_model_nobody_knows_is_explained_as_one(operation: str, why: str) -> None:
    said = found(operation=operation)

    assert said.why == f"the access rule frontier may be about this call, and {why}"


def test_faults_let_pass_what_nothing_reads_and_nothing_else() -> None:
    passing = {"unknown_call": "pass", "batch": "allow"}

    assert found(operation="batch", faults=passing).verdict.allowed
    assert found(operation="unknown", faults=passing).verdict.allowed
    assert not found(operation="chat", faults=passing).verdict.allowed
    assert not found(operation="batch", faults={"unknown_call": "pass"}).verdict.allowed


def test_to_fetch_an_answer_runs_no_model() -> None:
    assert found(operation="retrieve").verdict.allowed
