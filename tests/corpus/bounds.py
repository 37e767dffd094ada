"""The recorded exchanges against the bound table: what was billed, and what could have been at most."""

import json
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from functools import cache

from tests.corpus.exchanges import Recorded, exchanges
from tests.corpus.second_reading import expected
from tests.corpus.settled import settled
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of

SPECIAL = re.compile(
    r'"(?:previous_response_id|conversation|file_?[iI]d|file_?[uU]ri|file_?[dD]ata|image|image_url|input_image'
    r"|input_file|input_audio|inline_?[dD]ata|document|document_url|video|container|mcp_servers|models"
    r"|web_search\w*|web_fetch\w*|code_execution\w*|code_interpreter|mcp|advisor\w*|openrouter:advisor"
    r"|tool_search\w*|google_?[sS]earch|file_?[sS]earch|code_?[eE]xecution|url_?[cC]ontext|systemTool"
    r')"'
)
"""Signs of tools that the provider runs, of media, files and stored state, in a request's JSON."""

COLUMNS = ("calls", "bounded", "clamp", "none", "plain")
"""clamp: bounded once it has an output maximum; plain: those without a bound that `is_plain` is true of."""

PARTS = re.compile(r"cache_|reasoning_|(?:input|output)_[a-z]+_tokens")
"""Fields that are parts of others: a bound of the input bounds each of its parts."""


def asked() -> tuple[Recorded, ...]:
    """The inferences whose requests were recorded."""
    return tuple(e for e in exchanges() if e.asked and expected(e).inference)


def bounded(exchange: Recorded) -> Bound | Unbounded:
    """The exchange's bound."""
    return _bounded(exchange.n)


@cache
def _bounded(n: int) -> Bound | Unbounded:
    exchange = exchanges()[n]
    found = settled(exchange)
    assert found.endpoint is not None
    capacity = capacity_of(found.endpoint.provider, found.model_asked)
    return bound_of(found.endpoint, found.asked, exchange.asked, capacity)


def used(exchange: Recorded) -> dict[str, int]:
    """What the provider reported, by the second reading, without parts of what is there already."""
    return {name: n for name, n in expected(exchange).usage.items() if not PARTS.match(name)}


def exceeded(exchange: Recorded) -> dict[str, tuple[int, int | None]]:
    """The fields that were more than their bound: reported, bound.

    An output without any maximum is no bound, and so never exceeded: only a clamp bounds it.
    """
    bound = bounded(exchange)
    if not isinstance(bound, Bound):
        return {}
    most = bound.usage.known()
    return {
        name: (n, most.get(name))
        for name, n in used(exchange).items()
        if n > most.get(name, 0) and not (name == "output_tokens" and bound.max_output is None)
    }


def is_plain(exchange: Recorded) -> bool:
    """Whether the request has texts and tools of its own alone."""
    return SPECIAL.search(json.dumps(exchange.asked)) is None


def lines() -> Iterator[str]:
    """A line for each dialect, and one for each reason without a bound."""
    counts: dict[str, Counter[str]] = {}
    ratios: dict[str, list[float]] = {}
    reasons: Counter[str] = Counter()
    for exchange in asked():
        bound = bounded(exchange)
        dialect = bound.shape.split(" ")[0]
        counts.setdefault(dialect, Counter()).update(marks(exchange, bound))
        if isinstance(bound, Unbounded):
            reasons[f"{dialect}: {bound.reason}"] += 1
        elif (read := used(exchange).get("input_tokens")) and bound.usage.input_tokens:
            ratios.setdefault(dialect, []).append(bound.usage.input_tokens / read)
    yield f"{'dialect':24}" + "".join(f"{name:>9}" for name in (*COLUMNS, "median", "90 %"))
    for dialect, found in sorted(counts.items(), key=lambda item: -item[1]["calls"]):
        numbers = "".join(f"{found[name]:>9}" for name in COLUMNS)
        yield f"{dialect:24}{numbers}{spread(ratios.get(dialect, []))}"
    for reason, n in reasons.most_common():
        yield f"{n:>6}  {reason}"


def marks(exchange: Recorded, bound: Bound | Unbounded) -> Iterator[str]:
    """The columns that one exchange counts in."""
    yield "calls"
    if isinstance(bound, Unbounded):
        yield "none"
        if is_plain(exchange):
            yield "plain"
        return
    yield "bounded"
    if bound.max_output is None:
        yield "clamp"


def spread(ratios: list[float]) -> str:
    """Bound to real input: the median, and the ninetieth percentile."""
    if not ratios:
        return f"{'':>18}"
    ordered = sorted(ratios)
    return f"{statistics.median(ordered):>9.1f}{ordered[int(len(ordered) * 0.9)]:>9.1f}"
