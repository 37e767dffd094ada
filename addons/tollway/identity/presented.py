"""The tokens that a client shows: to the proxy (RFC 9110, section 11.7.2), and in other headers."""

import base64
import binascii
from collections.abc import Iterator, Mapping

from tollway.identity.token import is_token

LARGEST = 64 * 1024
"""Characters of a header that are looked at: Claude Code, curl and others send 40 KB without complaint.
Of what is longer the beginning is shown, to be refused for its length."""
MOST = 32
"""Headers of one name, and parts of one with commas, that are looked at: more are as what is too long."""
PROXY_AUTHORIZATION = "proxy-authorization"


def in_proxy_authorization(value: str) -> str | None:
    """The token in `Basic` (as the password; of tools that take only one word, as the user) or in `Bearer`.

    None: there is none; what stands there has another shape. Several headers of the name are one value with
    commas (RFC 9110, section 5.3). Of several tokens none can be meant: they are shown as one, to be refused.
    """
    if _is_long(value):
        return value[: LARGEST + 1]
    return _together(token for one in value.split(",") for token in _in_scheme(one))


def in_header(headers: Mapping[str, str], name: str) -> str | None:
    """The token in a header, with `Bearer` before it or without; None: it has none. Of several: as above."""
    value = headers.get(name, "")
    if _is_long(value):
        return value[: LARGEST + 1]
    return _together(text for one in value.split(",") if is_token(text := _without_bearer(one)))


def _is_long(value: str) -> bool:
    return len(value) > LARGEST or value.count(",") > MOST


def _together(found: Iterator[str]) -> str | None:
    return ",".join(dict.fromkeys(found)) or None


def _in_scheme(value: str) -> Iterator[str]:
    scheme, _, rest = value.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            texts = [rest.strip()]
        case "basic":
            user, _, password = _decoded(rest.strip()).partition(":")
            texts = [password, user]
        case _:
            texts = []
    yield from filter(is_token, texts)


def _without_bearer(value: str) -> str:
    scheme, _, rest = value.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else value.strip()


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
