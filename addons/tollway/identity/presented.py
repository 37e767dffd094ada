"""The tokens that a client shows: to the proxy (RFC 9110, section 11.7.2), and in other headers."""

import base64
import binascii
from collections.abc import Mapping

from tollway.identity.token import is_token

LARGEST = 64 * 1024
"""Characters of a header that are looked at: Claude Code, curl and others send 40 KB without complaint."""
PROXY_AUTHORIZATION = "proxy-authorization"


def in_proxy_authorization(value: str) -> str | None:
    """The token in `Basic` (as the password; of tools that take only one word, as the user) or in `Bearer`.

    None: there is none; what stands there has another shape.
    """
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    if len(rest) > LARGEST:
        return None
    match scheme.lower():
        case "bearer":
            return rest if is_token(rest) else None
        case "basic":
            user, _, password = _decoded(rest).partition(":")
            return next((text for text in (password, user) if is_token(text)), None)
    return None


def in_header(headers: Mapping[str, str], name: str) -> str | None:
    """The token in a header, with `Bearer` before it or without; None: it has none."""
    value = headers.get(name, "").strip()
    scheme, _, rest = value.partition(" ")
    text = rest.strip() if scheme.lower() == "bearer" else value
    return text if is_token(text) else None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
