"""Which headers and which part of the query go along to another host, and how that takes its credential.

What goes along is named here, and nothing else does: then no credential of the first provider can, whatever
header, cookie or parameter a program puts it in.
"""

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urlencode

KEPT = frozenset({"accept", "accept-encoding", "content-type", "user-agent", "anthropic-version"})
"""Headers of the formats themselves; `anthropic-beta` too, where the host knows its names."""
BETA = "anthropic-beta"
FRAMING = frozenset({"host", "content-length", "transfer-encoding", "content-encoding"})
"""Set by whoever sends the request."""
QUERY: Mapping[str, frozenset[str]] = {"alt": frozenset({"sse", "json"}), "beta": frozenset({"true"})}
"""Parameters of the formats themselves, with their values."""
_LOG_IN = "oauth-"
"""How the name of the beta feature begins that goes with a log-in in place of a key."""


def taken_along(headers: Mapping[str, str], secrets: Collection[str], betas: bool) -> dict[str, str]:
    """The headers, by lower-case names, that another host gets; none that holds one of these secrets."""
    kept = KEPT | {BETA} if betas else KEPT
    return {
        name: value
        for name, value in headers.items()
        if name in kept and not any(secret in value for secret in secrets)
    }


def query_along(query: str) -> str:
    """The part of the query that another host gets."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if value in QUERY.get(name, ())])


def without_betas(value: str, beginnings: tuple[str, ...]) -> str:
    """The value of `anthropic-beta` without the names that begin so."""
    names = [name.strip() for name in value.split(",")]
    return ",".join(name for name in names if name and not name.startswith(beginnings))


def without_log_in(value: str) -> str:
    """The value of `anthropic-beta` for a request with a key."""
    return without_betas(value, (_LOG_IN,))
