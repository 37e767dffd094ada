"""Which conversation a call belongs to, and whose account pays for it, as far as its request hints at it."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

HEADERS = (
    "x-claude-code-session-id", "session-id", "x-codex-parent-thread-id", "session_id", "x-client-session-id",
    "vscode-sessionid",
)  # fmt: skip
"""Where agents say it, the best first: Claude Code; Codex, whose older ones have the session in a sub-agent's
parent, and an underscore; Copilot in a terminal, and in an editor's window."""
ACCOUNT = "chatgpt-account-id"
"""Where Codex names the account."""
_CLAUDE_CODE = re.compile(r"_session_([0-9A-Za-z-]{8,64})$")
_ITS_ACCOUNT = re.compile(r"_account_([0-9A-Za-z-]{8,64})_session_")


def session_of(user_id: object) -> str | None:
    """The session of an Anthropic `metadata.user_id`; None if there is none.

    Claude Code joins there who the user is, which account pays, and the session. Of any other value a hash is
    taken, as it may name a person.
    """
    if not isinstance(user_id, str) or not user_id:
        return None
    if found := _CLAUDE_CODE.search(user_id):
        return found[1]
    said = plain(_members(user_id).get("session_id"))
    return said or "h-" + sha256(user_id.encode("utf-8", "replace")).hexdigest()[:16]


def account_of(user_id: object) -> str | None:
    """The account of Claude Code's `metadata.user_id`; None if it has none."""
    if not isinstance(user_id, str):
        return None
    if found := _ITS_ACCOUNT.search(user_id):
        return found[1]
    return plain(_members(user_id).get("account_uuid"))


def plain(session_id: object) -> str | None:
    """A session's id as its client made it; None if it is none, or too long for one."""
    return session_id if isinstance(session_id, str) and 0 < len(session_id) <= 128 else None


def in_headers(headers: Mapping[str, str]) -> str | None:
    """The session that an agent's headers hint at, by their lower-case names; None: none does."""
    return _said(next((value for name in HEADERS if (value := headers.get(name))), None))


def account_in_headers(headers: Mapping[str, str]) -> str | None:
    """The account that an agent's headers name; None: none does."""
    return _said(headers.get(ACCOUNT))


def _said(value: str | None) -> str | None:
    return plain(value) if value is not None and value.isascii() and value.isprintable() else None


def _members(user_id: str) -> dict[str, Any]:
    """Of a user that is written as JSON."""
    if not user_id.startswith("{"):
        return {}
    try:
        value = orjson.loads(user_id)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return {}
    return value if isinstance(value, dict) else {}
