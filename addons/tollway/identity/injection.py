"""A request with the operator's key for its provider in the place of all that its caller showed."""

import re
from urllib.parse import unquote_plus

from msgspec import Struct

from tollway.identity.credential import HEADERS, OTHERS, is_secret
from tollway.identity.virtual_key import has_key

AUTHORIZATION = "authorization"
ACCOUNTS = (
    "openai-organization", "openai-project", "chatgpt-account-id", "x-goog-user-project",
    "anthropic-workspace-id", "x-hf-bill-to",
)  # fmt: skip
"""Headers that say whom a provider bills: of the caller's own account."""
METHODS = ("x-http-method-override", "x-http-method", "x-method-override")
"""Headers by which a request would be another one than was recognised."""
_PARAMETERS = ("$httpmethod", "$httpheaders")
"""Parameters that stand for such headers, and for any (Google)."""
SIGNING = ("x-amz-date", "x-amz-content-sha256")
"""Headers that only go with an AWS signature."""
SIGNED_QUERY = "it is signed in its address, which covers what would change"
NO_HEADER = "the key fits into no header"
AWS_KEY = "an AWS access key signs requests, and can't be put into one: a Bedrock API key can"
_IN_PROTOCOLS = ("openai-insecure-api-key.", "openai-organization.", "openai-project.")
_AWS_KEY = re.compile(r"A[KS]IA[A-Z0-9]{16}")


class Injected(Struct, frozen=True, kw_only=True):
    """How the request changes: first the headers of `remove` go, then the one of `put` is put."""

    remove: frozenset[str]
    """By lower-case name."""
    put: tuple[str, str]
    path: str
    """With its query."""

    def __repr__(self) -> str:
        """Without the key."""
        return f"Injected({self.put[0]})"


def injected(path: str, header: str, key: str) -> Injected | str:
    """The request with this key; a text: why it can't be had. `path`: with its query; `header`: what takes
    the key, by lower-case name."""
    value = credential_header(header, key)
    if value is None:
        return AWS_KEY if _AWS_KEY.fullmatch(key) else NO_HEADER
    if "x-amz-signature=" in path.lower():
        return SIGNED_QUERY
    remove = frozenset((*HEADERS, *OTHERS, *ACCOUNTS, *METHODS, *SIGNING, header))
    return Injected(remove=remove, put=(header, value), path=without_secrets(path))


def credential_header(header: str, key: str) -> str | None:
    """The header's value with this key; None if no header can hold it."""
    if not key or not key.isascii() or not key.isprintable() or key != key.strip() or _AWS_KEY.fullmatch(key):
        return None
    return f"Bearer {key}" if header == AUTHORIZATION else key


def without_keys(protocols: str) -> str:
    """A WebSocket's protocols without those that are a key, or say whose account is billed: OpenAI's
    `openai-insecure-api-key.KEY`, `openai-organization.ID`, `openai-project.ID`."""
    names = (name.strip() for name in protocols.split(","))
    return ", ".join(name for name in names if not name.startswith(_IN_PROTOCOLS) and not has_key(name))


def _goes(pair: str) -> bool:
    said = unquote_plus(pair)
    return is_secret(pair.partition("=")[0]) or has_key(said) or said.lower().startswith(_PARAMETERS)


def without_secrets(path: str) -> str:
    """A path and its query without what may be secrets there, or headers; the rest stays as it was."""
    plain, mark, query = path.partition("?")
    if not mark:
        return path
    kept = [pair for pair in query.split("&") if not _goes(pair)]
    return f"{plain}?{'&'.join(kept)}" if kept else plain
