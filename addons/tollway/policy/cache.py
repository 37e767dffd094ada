"""Which answers are kept and given again, for how long and among whom: the section `cache` of a policy."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from tollway.policy.entry import NameText
from tollway.policy.length import LengthText
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.policy.several import one_or_several
from tollway.policy.size import SizeText
from tollway.providers.schema import Strict

LONGEST_PATH = 200
MOST_PATHS = 50
ALWAYS = frozenset({"model", "stream"})
"""Members that no policy can have ignored: what they say decides who answers, and how."""
_LARGEST: Any = "1 MB"


def _path(text: str) -> str:
    names = text.split(".")
    if len(text) > LONGEST_PATH or not all(names):
        raise ValueError("write a member as metadata, or as metadata.trace for one within it")
    if text in ALWAYS:
        raise ValueError(f"{text} always counts: another one has another answer")
    return text


Several = BeforeValidator(one_or_several, json_schema_input_type=str | list[str])


class KeyEntry(Strict):
    """What tells calls apart."""

    ignore: Annotated[tuple[Annotated[str, AfterValidator(_path)], ...], Several] = Field(
        default=(), max_length=MOST_PATHS, strict=False
    )
    """Members of requests that don't count, with dots between names; lists on the way are gone through."""


class CacheEntry(Strict):
    """Which answers of which calls are kept."""

    name: NameText | None = None
    """What `tollway cache stats` calls it; None: by its place, as cache[1]."""
    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    ttl: LengthText
    """How old an answer may be that is given again. In microseconds."""
    scope: Literal["user", "team", "company"] = "user"
    """Among whom: nobody else gets an answer of theirs."""
    max_size: SizeText = Field(default=_LARGEST, validate_default=True)
    """Of one answer, decoded, in bytes: a longer one is not kept."""
    key: KeyEntry = KeyEntry()


Cache = Annotated[tuple[CacheEntry, ...], Field(strict=False)]
"""The first entry that matches a call holds; a call that none matches has nothing to do with the cache."""
