"""What an unknown model costs: the dearest known rate of its provider, unit by unit.

The models compared are those of the provider's price lists that are not marked as deprecated or fine-tuned,
at the prices of that day, with their dearest step and their dearest service tier; for embeddings, reranking
and the like only those that have no output price. Where a list has no model of the kind, and for a provider
that has no list, it is the dearest of the well-known families. It is never zero.
"""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from tollway.prices import catalogue
from tollway.prices.ladder import dearest
from tollway.prices.rates import ALWAYS, Ladder, Prices
from tollway.prices.tables import Habit, tables

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo

EMBEDDING = "embedding"
RERANK = "rerank"
VIDEO = "video"
TEXT = "text"
WITHOUT_OUTPUT = frozenset({EMBEDDING, RERANK})
"""Kinds of models that write nothing that is billed."""


def kind(operation: str) -> str:
    """The kind of model that serves an operation."""
    return tables().operations.get(operation, TEXT)


def dearest_of(habit: Habit, operation: str, at: datetime) -> tuple[str, Ladder]:
    """Whose dearest it is, and the prices."""
    what = kind(operation)
    hour = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    lists = catalogue.expanded(habit.lists)
    prices = _dearest(lists, what, hour)
    if ("input" if what in WITHOUT_OUTPUT else "output") not in prices:
        lists = tables().families
        prices = _dearest(lists, what, hour)
    whose = lists[0] if len(lists) == 1 else ",".join(lists)
    return whose, ((ALWAYS, {**prices, **_media(what)}),)


def _media(what: str) -> Prices:
    """What is taken for units that are no tokens, which hardly a list has prices for."""
    more = {VIDEO: tables().video, RERANK: tables().rerank}
    return {**tables().media, **more.get(what, {})}


@lru_cache(maxsize=256)
def _dearest(lists: tuple[str, ...], what: str, at: datetime) -> Prices:
    return dearest(
        ladder
        for id in lists
        for info in catalogue.models(id)
        if not info.deprecated and not info.id.startswith("ft:")
        for ladder in _ladders(info, at)
        if _is_kind(ladder, what)
    )


def _ladders(info: "ModelInfo", at: datetime) -> list[Ladder]:
    contexts = [variant.when for variant in info.price_variants or () if "processing" not in variant.when]
    return [catalogue.priced(info, at), *(catalogue.priced(info, at, context) for context in contexts)]


def _is_kind(ladder: Ladder, what: str) -> bool:
    base = ladder[0][1]
    return ("output" not in base and "input" in base) if what in WITHOUT_OUTPUT else True
