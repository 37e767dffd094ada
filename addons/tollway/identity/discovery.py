"""Where an issuer publishes its keys, as it says itself (OpenID Connect Discovery 1.0, RFC 8414)."""

import re
from urllib.parse import SplitResult, urlsplit

import orjson

WELL_KNOWN = "/.well-known/openid-configuration"
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1")


def well_known(issuer: str) -> str:
    """The address of what an issuer says of itself."""
    return issuer.removesuffix("/") + WELL_KNOWN


def jwks_uri(document: bytes, issuer: str) -> str:
    """The address of the keys. Raises ValueError, which says what is wrong with the document."""
    try:
        said = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise ValueError("it is no JSON") from None
    if not isinstance(said, dict):
        raise ValueError("it is no JSON object")
    if said.get("issuer") != issuer:
        raise ValueError(
            f"it is of another issuer than {issuer} (to the character, a slash at the end included)"
        )
    found = said.get("jwks_uri")
    if not isinstance(found, str) or not is_safe(found):
        raise ValueError("its `jwks_uri` is no https URL")
    return found


def is_safe(url: str) -> bool:
    """Whether what an address says can be believed: nobody on the way can change it."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and bool(_LOOPBACK.fullmatch(parts.hostname)))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a wrong one
    except ValueError:
        return None
    return parts
