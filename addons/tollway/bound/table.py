"""The bound table of DESIGN section 7: what a request can be billed for at most, and the argument for it.

The argument is an allow-list. `dialects/*.yaml` say how each member of a request is read; if all of them are
there, then

    input  <= bytes of what the model is shown + what media come to + the dialect's constant,
              and <= the model's context window, which also bounds what is only pointed at;
    output <= min(the caller's maximum, the model's maximum) x answers + rejected predictions,
              thoughts included; where a provider counts them beside the maximum, the window once more.

A tool that the provider runs makes the model read all of it once more, with the results: the context window,
times the turns that the tool's cap allows, where the provider is documented to keep to one; or the request
itself, where the results are parts of it. A request with anything else has no bound. Of the input as much as
the dearest price asks for is written to a cache, but where `caching` knows better.
"""

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from tollway.bound.argument import Argument
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.caching import cached
from tollway.bound.capacity import Capacity
from tollway.bound.grammar import Table, table_of
from tollway.bound.tally import Tally
from tollway.model import Asked, Endpoint

MOST_REMEMBERED, LONGEST_REMEMBERED = 4096, 256
"""Models, and characters of a name: which of them no table bounds is looked up once."""

NO_TABLE = "the bound table has nothing about {} requests"
WORDLESS = frozenset({"embeddings", "rerank"})
"""Operations whose answers are numbers, also in dialects that others write in (Bedrock's InvokeModel)."""
NO_THOUGHTS = "the model thinks beside its output maximum, and its context window is not known"


def bound_of(
    endpoint: Endpoint,
    asked: Asked,
    body: Mapping[str, Any],
    capacity: Capacity,
    cap: int | None = None,
) -> Bound | Unbounded:
    """The most that a call can be billed for, or why nothing bounds it.

    `body`: a JSON object, or a form's fields with files as bytes. `capacity`: that of the model asked for.
    `cap`: on the calls of the provider's tools, where the request has none and one is put. Never raises.
    """
    dialect, table = _table(endpoint.dialect, body)
    if table is None:
        return Unbounded(reason=NO_TABLE.format(dialect or "such"), shape=dialect)
    tally = Tally()
    table.request.take(body, "", tally)
    keeps_caps = endpoint.provider in table.caps_by
    if not keeps_caps:
        tally.believe_no_cap()
    elif cap is not None:
        tally.cap_at(cap, bool(table.caps_together))
    shape = f"{dialect} {'+'.join(sorted(tally.classes))}".strip()
    if refusal := _refusal(endpoint, asked, table, tally):
        return Unbounded(reason=refusal, shape=shape)
    if "reasoning_extra" in endpoint.habits:
        if capacity.context is None:
            return Unbounded(reason=NO_THOUGHTS, shape=shape)
        tally.output += capacity.context * tally.answers
    if endpoint.operation in WORDLESS:
        table = replace(table, writes=False)
    bound = Argument(table, tally, capacity, asked, keeps_caps).bound(shape)
    if isinstance(bound, Unbounded) or tally.servers:
        return bound
    return cached(bound, endpoint.provider, dialect, body)


def _table(dialect: str, body: Mapping[str, Any]) -> tuple[str, Table | None]:
    """The table, and whose it is: a request may be in another's format."""
    table = table_of(dialect)
    for member, other in table.instead.items() if table else ():
        if member in body:
            return dialect, table_of(other)
    return dialect, table


def _refusal(endpoint: Endpoint, asked: Asked, table: Table, tally: Tally) -> str | None:
    """Why nothing bounds the request, if nothing does."""
    model = asked.model or endpoint.model or ""
    if (reason := (_remembered if len(model) <= LONGEST_REMEMBERED else _refused)(table, model)) is not None:
        return f"model: {reason}"
    return "; ".join(tally.refusals[:3]) or None


def _refused(table: Table, model: str) -> str | None:
    """Why nothing bounds the model, if the table says so."""
    return next((why for glob, why in table.models.items() if fnmatchcase(model.lower(), glob)), None)


_remembered = lru_cache(MOST_REMEMBERED)(_refused)
