"""What a call is known by: a digest, the same for every call that the same answer answers."""

import hashlib
from collections.abc import Sequence

import orjson

from tollway.caching.canonical import Path, canonical
from tollway.caching.dialects import DIALECTS, HEADERS, PREFIXES
from tollway.caching.question import Question
from tollway.identity.credential import is_secret

VERSION = 1
"""Of what keys are made of: another one finds nothing of what was kept before."""
NO_HEAD = "its address or its caller's name has characters that are none"


def key(question: Question, scope: str, own: str = "", ignored: Sequence[Path] = ()) -> bytes | str:
    """32 bytes; a text: why it has none, so that it is not cached.

    Of JSON, neither order nor white space nor the spelling of numbers and strings matters. `scope`: its name
    as of `scope.scope_of`. `own`: the caller's `x-tollway-cache-key`, a further part of the key, so that it
    leads nowhere but into the caller's own scope. `ignored`: members that don't count beside those that the
    dialect lists (`dialects`). The caller's credential is no part of it: the scope is.
    """
    meaning = DIALECTS[question.endpoint.dialect]
    body = canonical(question.body, [*((name,) for name in meaning.ignored), *ignored])
    if isinstance(body, str):
        return body
    try:
        head = orjson.dumps([VERSION, scope, own, *_asked_of(question)])
    except TypeError:
        return NO_HEAD
    digest = hashlib.sha256(head)
    digest.update(b"\n")  # which no JSON of orjson's has: where the head ends is certain
    digest.update(body)
    return digest.digest()


def _asked_of(question: Question) -> list[object]:
    """Whom the call asks for what, beside its body."""
    endpoint, (path, _, query) = question.endpoint, question.path.partition("?")
    return [
        endpoint.provider,
        endpoint.host,
        question.port,
        question.method,
        path,
        [part for part in query.split("&") if part and not is_secret(part.partition("=")[0])],
        endpoint.dialect,
        endpoint.operation,
        endpoint.upstream,
        question.asked.model or endpoint.model,
        question.asked.stream or bool(endpoint.stream),
        [[name, value] for name, value in sorted(question.headers.items()) if _counts(name)],
    ]


def _counts(header: str) -> bool:
    """Whether answers hang on a header."""
    return header in HEADERS or "beta" in header or header.startswith(PREFIXES)
