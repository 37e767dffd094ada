"""Which conversation a call belongs to, as far as its request hints at it."""

import re
from collections.abc import Mapping
from hashlib import sha256

import orjson

HEADERS = ("x-claude-code-session-id", "session-id", "session_id")
"""Where Claude Code and Codex (an underscore in older ones) say it."""
_CLAUDE_CODE = re.compile(r"_session_([0-9A-Za-z-]{8,64})$")


def session_of(user_id: object) -> str | None:
    """The session of an Anthropic `metadata.user_id`; None if there is none.

    Claude Code joins there who the user is, which account pays, and the session: only the last is taken. Of
    any other value a hash is, as it may name a person.
    """
    if not isinstance(user_id, str) or not user_id:
        return None
    if found := _CLAUDE_CODE.search(user_id):
        return found[1]
    return _of_json(user_id) or "h-" + sha256(user_id.encode("utf-8", "replace")).hexdigest()[:16]


def plain(session_id: object) -> str | None:
    """A session's id as its client made it; None if it is none, or too long for one."""
    return session_id if isinstance(session_id, str) and 0 < len(session_id) <= 128 else None


def in_headers(headers: Mapping[str, str]) -> str | None:
    """The session that an agent's headers hint at, by their lower-case names; None: none does."""
    found = next((value for name in HEADERS if (value := headers.get(name))), None)
    return plain(found) if found is not None and found.isascii() and found.isprintable() else None


def _of_json(user_id: str) -> str | None:
    if not user_id.startswith("{"):
        return None
    try:
        value = orjson.loads(user_id)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    return plain(value.get("session_id")) if isinstance(value, dict) else None
