"""What Cohere reports."""

from typing import Any

from tests.corpus.exchanges import Recorded
from tests.corpus.openai_counts import present


def of_cohere(exchange: Recorded, things: list[dict[str, Any]]) -> dict[str, int]:
    """Cohere's `billed_units`, as DESIGN counts what is billed: `tokens` adds the templates, which are free.

    `cached_tokens` is a part of `tokens` (1,440 where 51 are billed), never of the units: it is left out, and
    nothing is billed for it. Images of an embedding are billed beside its texts; both are its input.
    """
    for thing in reversed(things):
        delta, meta = thing.get("delta") or {}, thing.get("meta") or {}
        usage = thing.get("usage") or delta.get("usage") or meta
        if units := usage.get("billed_units"):
            images = units.get("image_tokens")
            return present(
                input_tokens=units["input_tokens"] + (images or 0) if "input_tokens" in units else images,
                output_tokens=units.get("output_tokens"),
                input_image_tokens=images,
                web_searches=units.get("search_units"),
            )
    return {}
