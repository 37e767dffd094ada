"""What a detector found, and where: never what it says."""

from enum import Enum

from msgspec import Struct


class Family(Enum):
    """What a guardrail may look for as a whole."""

    SECRETS = "secrets"
    PERSONAL = "personal"
    WORDS = "words"
    """Those of the policy itself."""


class Tier(Enum):
    """How sure it is."""

    CERTAIN = "certain"
    """A vendor's shape, or a checksum that is right: some two in ten million bytes of ordinary text are
    neither."""
    GENERIC = "generic"
    """It looks like one by what stands around it."""


class Found(Struct, frozen=True, kw_only=True, order=True):
    """One place in a text."""

    start: int
    """Characters from the text's beginning, not bytes."""
    end: int
    kind: str
    """As policies name it: `card`, `github_token` ..."""
    family: Family
    tier: Tier
