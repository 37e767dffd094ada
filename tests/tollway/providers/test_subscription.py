"""A flat plan is known by host, by path, or by the token of a log-in."""

import pytest

from tollway.model import Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.providers.subscription import subscription

REGISTRY = load()
LOGIN = "Bearer " + "-".join(["sk", "ant", "oat01", "x" * 8])
KEY = "Bearer " + "-".join(["sk", "ant", "api03", "x" * 8])
FLAGS = "claude-code-20250219, oauth-2025-04-20,interleaved-thinking-2025-05-14"


def endpoint(host: str, path: str = "/v1/messages") -> Endpoint:
    found = recognise(REGISTRY, host, 443, "POST", path)
    assert found is not None
    assert found.kind is Kind.INFERENCE
    return found


@pytest.mark.parametrize(
    ("authorization", "beta", "covered"),
    [
        (LOGIN, "oauth-2025-04-20", True),
        (LOGIN, None, True),
        (LOGIN.replace("Bearer ", "bearer  "), None, True),
        ("Bearer other", FLAGS, True),
        ("Bearer other", "oauth-2025-04-20", False),  # a service account
        ("Bearer other", None, False),
        (KEY, None, False),
        ("Basic " + LOGIN, FLAGS, False),
        ("", FLAGS, False),
        (None, FLAGS, False),
    ],
)
def test_claude_codes_log_in_means_a_plan(authorization: str | None, beta: str | None, covered: bool) -> None:
    assert subscription(endpoint("api.anthropic.com"), authorization, beta) is covered


def test_a_key_beside_the_token_is_what_is_billed() -> None:
    assert not subscription(endpoint("api.anthropic.com"), LOGIN, FLAGS, api_key=True)


@pytest.mark.parametrize("host", ["r.services.ai.azure.com", "api.x.ai"])
def test_the_token_means_nothing_at_other_providers(host: str) -> None:
    path = "/anthropic/v1/messages" if "azure" in host else "/v1/messages"

    assert not subscription(endpoint(host, path), LOGIN, FLAGS)


def test_a_host_of_a_plan_needs_no_token() -> None:
    assert subscription(endpoint("chatgpt.com", "/backend-api/codex/responses"), None, None)
