"""The credential of a request, known only by a keyed fingerprint."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qs, parse_qsl, quote, unquote_plus

HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key", "xi-api-key")
"""Where providers take keys, in the order in which they win."""

OTHERS = (
    "cookie", "proxy-authorization", "x-amz-security-token", "ocp-apim-subscription-key",
    "x-goog-iam-authorization-token", "cf-aig-authorization",
)  # fmt: skip
"""Headers with secrets of other kinds."""

PROTOCOLS = "sec-websocket-protocol"
"""Where browsers, which can set no other header, put a key for a WebSocket."""

_IN_QUERY = re.compile(
    r"(?:^|[-_$])(?:key|(?<!page.)(?<!next.)token|signature|credential|secret|sig)\Z", re.IGNORECASE
)
"""Parameters of a query that are secrets: key, api-key, subscription-key, access_token, X-Amz-Signature; not
those that ask for the next page of a list."""
_SHORTEST = 8
"""Characters of a secret: what is shorter may stand anywhere by chance."""

DIGITS = 16
"""Of a fingerprint."""
_SCHEMES = ("bearer", "basic")
"""Words that stand before a credential, and are none."""


def credential(headers: Mapping[str, str], query: str) -> str | None:
    """The credential that a request carries in a header or, as Gemini has it, in the query's `key`.

    Of an AWS signature (SigV4, SigV4a) it is the access key's id, which stays the same over requests.
    None: there is none, or only the name of a scheme.
    """
    for name in HEADERS:
        if value := _without_scheme(headers.get(name, "").strip()):
            return value
    keys = parse_qs(query).get("key") if "key=" in query else None
    return keys[0].strip() or None if keys else None


def secrets(headers: Mapping[str, str], query: str) -> frozenset[str]:
    """All that may be a secret in a request's headers and query: whole, without scheme, and each cookie."""
    found = set()
    for name in (*HEADERS, *OTHERS):
        value = headers.get(name, "")
        found |= {value, _without_scheme(value.strip())}
        if name == "cookie":
            found |= {pair.partition("=")[2].strip() for pair in value.split(";")}
    for name, value in parse_qsl(query):
        if _IN_QUERY.search(name):
            found |= {value, quote(value, safe="")}
    return frozenset(value for value in found if len(value) >= _SHORTEST)


def is_secret(parameter: str) -> bool:
    """Whether a parameter of a query, by its name as it was written, is a secret."""
    return _IN_QUERY.search(unquote_plus(parameter)) is not None


@lru_cache(maxsize=1024)
def fingerprint(secret: bytes, value: str) -> str:
    """A name for a credential that tells nothing of it to whoever lacks the secret: 16 hex digits.

    HMAC-SHA-256 (RFC 2104) cut to 64 bits: enough to tell a company's keys apart.
    """
    return hmac.new(secret, value.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:DIGITS]


def _without_scheme(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    if scheme.upper().startswith("AWS4-") and "Credential=" in rest:
        return rest.partition("Credential=")[2].partition(",")[0].partition("/")[0].strip()
    if not rest:
        return "" if value.lower() in _SCHEMES else value
    return rest.strip()
