"""What Cohere bills for an answer, in our vocabulary."""

from collections.abc import Mapping
from typing import Any

from tollway.model import Usage
from tollway.wire.counts import count, first, part


def usage_of(counts: Mapping[str, Any], searches: bool = False) -> Usage | None:
    """What a `usage` (v2) or a `meta` (v1, and all that is no chat) reports; None if that is nothing.

    The `billed_units` are billed: `tokens` also has Cohere's own templates, which cost nothing, and so has
    `cached_tokens`, which no price knows: https://docs.cohere.com/docs/how-does-cohere-pricing-work
    `searches`: a search unit is a web search, as in a chat; else a request of so many documents, as in a
    rerank. Images are billed by their own tokens, beside those of texts.
    """
    units = part(counts, "billed_units") or part(counts, "tokens")
    images = count(units.get("image_tokens"))
    texts = first(units, "text_tokens", "input_tokens")
    known = [n for n in (texts, images) if n is not None]
    found = Usage(
        input_tokens=sum(known) if known else None,
        input_image_tokens=images,
        output_tokens=count(units.get("output_tokens")),
        web_searches=count(units.get("search_units")) if searches else None,
        requests=None if searches else first(units, "search_units", "classifications"),
        images=count(units.get("images")),
        pages=count(units.get("pages")),
    )
    return found if found != _NOTHING else None


_NOTHING = Usage()
