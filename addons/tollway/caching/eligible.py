"""Which calls have no effect and no state at the provider, so that an answer of an earlier one is as good."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from typing import Any

from tollway.access.chosen import CHOOSES
from tollway.bound.grammar import table_of
from tollway.caching.dialects import DIALECTS, OPERATIONS, REFERS, RUNS, Meaning
from tollway.caching.question import Question
from tollway.model import Kind
from tollway.providers import hosts
from tollway.wire.form import is_form

NOT_ONE = "calls of its kind are not: only those whose answer is all that they do"
FORM = "it has files, as a form"
ELSEWHERE = "it names another host than the one that it goes to"
STORED_ITEM = "item_reference"
MOST_REMEMBERED, LONGEST_REMEMBERED = 4096, 256
"""Models, and characters of a name."""


def why_not(question: Question) -> str | None:
    """Why a call is not cached, in words; None: it may be. Never raises, whatever the request says."""
    endpoint = question.endpoint
    meaning = DIALECTS.get(endpoint.dialect)
    if (
        meaning is None
        or endpoint.kind is not Kind.INFERENCE
        or endpoint.operation not in OPERATIONS
        or question.method != "POST"
    ):
        return NOT_ONE
    if any(map(partial(_is_other, endpoint.host, question.port), question.addressed)):
        return ELSEWHERE
    if is_form(question.media_type):
        return FORM
    model = question.asked.model or endpoint.model or ""
    live = (_remembered if len(model) <= LONGEST_REMEMBERED else _live)(endpoint.dialect, model)
    return live or next(_effects(question.parsed, meaning), None)


def _is_other(host: str, port: int, authority: str) -> bool:
    """Whether that names another host; who answers for that one is not known, whatever its server shows."""
    return bool(authority) and hosts.normal(authority.strip().removesuffix(f":{port}")) != host


def _effects(members: Mapping[str, Any], meaning: Meaning) -> Iterator[str]:
    """What a request does beside being answered."""
    for name, what in meaning.effects.items():
        if _says_something(_at(members, name)):
            yield f"{what} ({name})"
    for name, (only, what) in meaning.only.items():
        if members.get(name) is not only:
            yield f"{what}, unless {name} is {str(only).lower()}"
    for place in meaning.tools:
        tools = _at(members, place)
        for tool in tools if isinstance(tools, list) else [tools] if tools else []:
            if not _is_clients(tool, meaning):
                yield f"{RUNS} ({place})"
    said = members.get("input")
    if isinstance(said, list) and any(_is_reference(item) for item in said):
        yield f"{REFERS} ({STORED_ITEM})"


def _at(members: Mapping[str, Any], place: str) -> Any:
    """What stands there; None: nothing."""
    found: Any = members
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _says_something(value: object) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def _is_clients(tool: object, meaning: Meaning) -> bool:
    """Whether the client runs a tool."""
    if not isinstance(tool, dict):
        return False
    if not meaning.untyped:
        return all(name in meaning.client for name in tool)
    kind = tool.get("type")
    if kind is None:
        return all(name in meaning.client for name in tool) if _is_wrapped(tool) else True
    return isinstance(kind, str) and any(fnmatchcase(kind, glob) for glob in meaning.client)


def _is_wrapped(tool: Mapping[str, Any]) -> bool:
    """Whether it stands under the name of its kind alone, as Bedrock's do: `{"toolSpec": {...}}`."""
    return len(tool) == 1 and isinstance(next(iter(tool.values())), dict)


def _is_reference(item: object) -> bool:
    """Whether an item of a conversation is with the provider (Responses), which may leave its type out."""
    return isinstance(item, dict) and (item.get("type") == STORED_ITEM or set(item) == {"id"})


def _live(dialect: str, model: str) -> str | None:
    """What a model does beside answering, as the bound table has it: it searches, it runs tools."""
    table = table_of(dialect)
    for glob, why in table.models.items() if table is not None else ():
        if why != CHOOSES and fnmatchcase(model.lower(), glob):
            return f"{why} (model)"
    return None


_remembered = lru_cache(MOST_REMEMBERED)(_live)
