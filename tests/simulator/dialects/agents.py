"""The calls of coding agents and SDKs that are no inference: small plausible JSON."""

import re

import orjson

MODELS = {
    "object": "list",
    "data": [{"id": "gpt-simulated", "object": "model", "created": 1_795_000_000, "owned_by": "simulator"}],
}
ANTHROPIC_MODELS = {
    "data": [{
        "type": "model", "id": "claude-simulated", "display_name": "Simulated",
        "created_at": "2026-11-18T00:00:00Z",
    }],
    "has_more": False, "first_id": "claude-simulated", "last_id": "claude-simulated",
}  # fmt: skip
GEMINI_MODELS = {"models": [{"name": "models/gemini-simulated", "displayName": "Simulated"}]}
CODE_ASSIST = {
    "currentTier": {"id": "free-tier", "name": "Simulated", "isDefault": True},
    "allowedTiers": [{"id": "free-tier", "name": "Simulated", "isDefault": True}],
    "cloudaicompanionProject": "simulated",
}
CODEX_ACCOUNT = "simulated-account"
"""The workspace that Codex's log-in has to name."""
CODEX_WORKSPACES = {
    "accounts": [{
        "id": CODEX_ACCOUNT, "plan_type": "plus", "structure": "personal", "name": "Simulated",
        "workspace_backend_origin": "https://chatgpt.com", "account_routing_override": "NO_CONSTRAINT",
    }],
    "account_ordering": [CODEX_ACCOUNT], "default_account_id": CODEX_ACCOUNT,
}  # fmt: skip
GOOGLE_TOKEN = {
    "aud": "simulated", "azp": "simulated", "email": "someone@example.com", "email_verified": "true",
    "expires_in": "3599", "scope": "https://www.googleapis.com/auth/cloud-platform",
}  # fmt: skip

PATHS: tuple[tuple[str, str, int, object], ...] = (
    ("*anthropic*", r"/v1/models.*", 200, ANTHROPIC_MODELS),
    ("generativelanguage.*", r"/v1[a-z0-9]*/models", 200, GEMINI_MODELS),
    ("*anthropic*", r"/api/event_logging/.*", 200, {"accepted_count": 0, "rejected_count": 0}),
    (
        "*anthropic*",
        r"/api/claude_code/(settings|policy_limits)",
        404,
        {"error": {"type": "not_found_error"}},
    ),
    ("*anthropic*", r"/mcp-registry/.*", 200, {"servers": [], "metadata": {"count": 0}}),
    ("*anthropic*", r"/api/oauth/usage", 200, {"five_hour": None, "seven_day": None}),
    ("*anthropic*", r"/api/.*", 200, {}),
    ("chatgpt.com", r"/backend-api/codex/models", 200, {"models": []}),
    ("chatgpt.com", r"/backend-api/wham/accounts/check", 200, CODEX_WORKSPACES),
    ("chatgpt.com", r"/backend-api/ps/mcp", 404, {}),
    ("chatgpt.com", r"/backend-api/.*", 200, {}),
    ("ab.chatgpt.com", r"/.*", 200, {}),
    ("cloudcode-pa.*", r"/v1internal:(loadCodeAssist|onboardUser)", 200, CODE_ASSIST),
    ("cloudcode-pa.*", r"/v1internal:.*", 200, {}),
    ("*", r".*/models", 200, MODELS),
    ("play.googleapis.com", r"/log", 200, ["900000"]),
    ("oauth2.googleapis.com", r"/tokeninfo", 200, GOOGLE_TOKEN),
    ("www.googleapis.com", r"/oauth2/v2/userinfo", 200, {"id": "1", "email": "someone@example.com"}),
    ("*", r".*/files", 200, {"object": "list", "data": [], "has_more": False}),
)
"""Host pattern, path, status, body: the first that matches."""


def other(host: str, path: str) -> tuple[int, bytes]:
    """The answer of a path that no dialect serves; 404 if nothing is known of it."""
    for pattern, expression, status, body in PATHS:
        if _host(pattern, host) and re.fullmatch(expression, path):
            return status, orjson.dumps(body)
    return 404, orjson.dumps(
        {"error": {"message": f"The simulator has nothing at {path}", "type": "not_found"}}
    )


def _host(pattern: str, host: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), host) is not None
