"""A call is said in one vocabulary, and nothing that it carried is in it."""

import json
from typing import Any

import pytest

from tests.tollway.recorded.samples import entry, header
from tests.tollway.recorded.test_pricing import one
from tollway.recorded.call import Call, as_json

KEYS = (
    "n", "url", "time", "provider", "operation", "model", "model_served", "tier", "status", "stream",
    "metered", "reason", "error", "usage", "cost_usd", "cost_source", "billing", "flags", "price_version",
    "calls",
)  # fmt: skip


def test_a_metered_call_has_its_usage_and_its_cost() -> None:
    found = as_json(one())

    assert tuple(found) == KEYS
    assert found == {
        "n": 0,
        "url": "https://api.openai.com/v1/chat/completions",
        "time": "2026-11-20T10:00:00.000Z",
        "provider": "openai",
        "operation": "chat",
        "model": "gpt-4o",
        "model_served": "gpt-4o-2024-08-06",
        "tier": None,
        "status": 200,
        "stream": False,
        "metered": True,
        "reason": None,
        "error": None,
        "usage": {"input_tokens": 1000, "output_tokens": 200},
        "cost_usd": "0.0045",
        "cost_source": "computed",
        "billing": "metered",
        "flags": [],
        "price_version": found["price_version"],
        "calls": [],
    }
    assert "gpt-4o" in found["price_version"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"url": "https://example.com/x?key=secret"},
            {"url": "https://example.com/x", "provider": None, "operation": None, "model": None,
             "reason": "not_a_provider"},
        ),
        (
            {"url": "https://generativelanguage.googleapis.com/v1beta/models/gemini-3:countTokens"},
            {"provider": "gemini", "operation": "count_tokens", "model": "gemini-3",
             "reason": "not_inference"},
        ),
        (
            {"startedDateTime": 1},
            {"url": "https://api.openai.com/v1/chat/completions", "time": None, "status": None,
             "reason": "damaged: startedDateTime is a number, not text"},
        ),
    ],
)  # fmt: skip
def test_what_is_not_metered_has_every_key(changes: dict[str, Any], said: dict[str, Any]) -> None:
    found = as_json(one(**changes))

    assert tuple(found) == KEYS
    assert {**found, **said} == found
    assert (found["metered"], found["cost_usd"], found["cost_source"]) == (False, None, "none")
    assert (found["usage"], found["billing"], found["stream"]) == ({}, "metered", None)


def test_an_error_costs_zero_and_has_its_type() -> None:
    answer = {"error": {"type": "rate_limit_error", "message": "the prompt was: secret", "code": None}}
    found = as_json(one(status=429, answer=answer))

    assert (found["metered"], found["cost_usd"], found["cost_source"], found["usage"]) == (
        True,
        "0",
        "none",
        {},
    )
    assert (found["reason"], found["error"]) == ("http_429", "rate_limit_error")
    assert "secret" not in str(found)


def test_nothing_of_headers_prompts_and_answers_is_said() -> None:
    text = json.dumps(entry()).replace("say hi", "a secret").replace("Hello there", "a secret")
    changes = json.loads(text)
    changes["request"]["headers"] += [header("Authorization", "Bearer secret"), header("Cookie", "secret")]
    changes["request"]["url"] = "https://user:secret@api.openai.com/v1/chat/completions?key=secret#secret"
    found = one(**{key: value for key, value in changes.items() if key in ("request", "response")})

    assert found.record is not None
    assert "secret" not in f"{as_json(found)} {found!r}"


def test_a_time_is_in_utc() -> None:
    assert as_json(Call(n=0, started_us=1_795_168_800_123_456))["time"] == "2026-11-20T10:00:00.123Z"
