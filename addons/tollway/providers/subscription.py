"""Which calls a flat plan covers."""

from tollway.model import Endpoint

_TOKEN = "sk-ant-oat"
"""How the tokens begin that Claude Code's log-in yields."""
_FLAGS = frozenset({"claude-code-20250219", "oauth-2025-04-20"})
"""What Claude Code sends with such a token. The second alone says less: programs that log in as a service
account, which is billed per token, send it too."""


def subscription(
    endpoint: Endpoint, authorization: str | None, anthropic_beta: str | None, api_key: bool = False
) -> bool:
    """Whether a flat plan covers the call: by host or path, or by a log-in token where the host takes them.

    `api_key`: the request also carries an API key of its own (`x-api-key`), which is billed per token.
    """
    if endpoint.subscription:
        return True
    if api_key or authorization is None or "plan_by_token" not in endpoint.habits:
        return False
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        return False
    flags = {flag.strip() for flag in (anthropic_beta or "").split(",")}
    return token.lstrip().startswith(_TOKEN) or flags >= _FLAGS
