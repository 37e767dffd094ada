"""A file of callers by the fingerprints of their keys, which `identity: api_keys` names."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, RootModel, ValidationError

from tollway.identity.credential import DIGITS
from tollway.policy.document import Malformed, Way, read
from tollway.policy.identity import Caller
from tollway.policy.load import error
from tollway.policy.phrase import Flaw, phrases

_SHAPE = re.compile(f"[0-9a-f]{{{DIGITS}}}")

type Owners = Mapping[str, Mapping[str, Caller]]
"""By the path of their file: fingerprint -> caller."""

EMPTY = "is empty: write fingerprints (`tollway key fingerprint`), as 0123456789abcdef: {user: ann}"


def _fingerprint(value: str) -> str:
    if not _SHAPE.fullmatch(value):  # which is not repeated: it may be a key
        raise ValueError("is no fingerprint: write it as `tollway key fingerprint` prints it, never the key")
    return value


class _Owners(RootModel[dict[Annotated[str, AfterValidator(_fingerprint)], Caller]]):
    """The file as a whole."""


def owners(text: str, name: str) -> Mapping[str, Caller]:
    """The callers of a file's text. Raises PolicyError with every mistake; `name` is the file's name."""
    try:
        document = read(text, numbers_as_keys=True)
    except Malformed as e:
        raise error(name, [Flaw(*flaw) for flaw in e.flaws]) from None
    if document.value is None:
        raise error(name, [Flaw((1, 1), (), EMPTY)])
    try:
        return _Owners.model_validate(document.value).root
    except ValidationError as e:
        flaws = phrases(e.errors(), document, _Owners)
        raise error(name, [replace(flaw, way=_shown(flaw.way)) for flaw in flaws]) from None


def _shown(way: Way) -> Way:
    """The way, unless it begins with what may be a key."""
    return way if way and _SHAPE.fullmatch(str(way[0])) else ()
