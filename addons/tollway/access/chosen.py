"""Names that leave it to the provider which model runs: the bound table has them."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

from tollway.bound.grammar import table_of

CHOOSES = "the provider chooses the model"
"""What the bound table says of them."""
TABLES = ("openai_chat", "openai_responses", "openai_completions", "bedrock_converse")
"""The dialects whose tables know of routers."""


def is_chosen(names: Iterable[str]) -> bool:
    """Whether one of a model's names is a router's."""
    return any(fnmatchcase(name, glob) for name in names for glob in _routers())


@cache
def _routers() -> frozenset[str]:
    tables = [table for dialect in TABLES if (table := table_of(dialect)) is not None]
    return frozenset(glob for table in tables for glob, why in table.models.items() if why == CHOOSES)
