"""One rule of the pack, as `rules.yaml` writes it."""

from typing import Annotated, Literal

import re2
from msgspec import Meta, Struct

from tollway.guardrails.found import Tier

Keyword = Annotated[str, Meta(min_length=2, pattern="^[^A-Z]+$")]
"""In lower case."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shape, and what a value of it must be to count."""

    kind: Annotated[str, Meta(pattern="^[a-z0-9_]+$")]
    source: Annotated[str, Meta(min_length=5)]
    tier: Tier
    keywords: Annotated[tuple[Keyword, ...], Meta(min_length=1)]
    pattern: str
    each: str | None = None
    least: int = 0
    most: int = 4096
    entropy: int = 0
    """Thousandths of a bit per character."""
    classes: Annotated[int, Meta(ge=0, le=4)] = 0
    looks: Literal["password", "bare_password", "token"] | None = None
    checksum: Literal["crc32_base62"] | None = None
    holds: Literal["base64", "user_and_password", "armoured_key", "json_web_token"] | None = None
    ignore: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for pattern in filter(None, (self.pattern, self.each)):
            try:
                compiled(pattern)
            except re2.error as e:
                raise ValueError(f"{self.kind}: {pattern!r} is no RE2: {e}") from None


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    rules: tuple[Rule, ...]


def options() -> "re2.Options":
    """Bytes are matched as bytes: places in a text's UTF-8 become places in the text afterwards."""
    chosen = re2.Options()
    chosen.encoding = re2.Options.Encoding.LATIN1
    chosen.log_errors = False
    return chosen


def compiled(pattern: str) -> "re2._Regexp":
    """For UTF-8 bytes. Raises re2.error."""
    return re2.compile(pattern.encode(), options())
