"""What a call is known by: a digest, the same for every call that the same answer answers."""

from collections.abc import Sequence

from tollway.caching.question import Question

Path = tuple[str, ...]
"""The names of members that lead to one; lists on the way are gone through."""


def key(question: Question, scope: str, own: str = "", ignored: Sequence[Path] = ()) -> bytes | str:
    """32 bytes; a text: why it has none, so that it is not cached.

    Of JSON, neither order nor white space nor the spelling of numbers and strings matters. `scope`: its name
    as of `scope.scope_of`. `own`: the caller's `x-tollway-cache-key`, a further part of the key, so that it
    leads nowhere but into the caller's own scope. `ignored`: members that don't count beside those that the
    dialect lists (`dialects.yaml`). The caller's credential is no part of it: the scope is.
    """
    raise NotImplementedError
