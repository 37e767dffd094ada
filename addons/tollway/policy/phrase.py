"""Pydantic's complaints in words for an operator: where in the file, and what to write instead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tollway.policy.document import Document, Place, Way
from tollway.policy.schema import Policy

LONGEST_QUOTE = 60
SECRET, SCHEME = "alerts", "://"
"""The section whose addresses are secrets, wherever in it they stand by mistake."""
_WANTED = {
    "bool_type": "true or false",
    "date_from_datetime_parsing": "a date, as 2026-01-31",
    "date_type": "a date, as 2026-01-31",
    "decimal_type": "a number",
    "dict_type": "a mapping of keys to values",
    "int_type": "a whole number",
    "is_instance_of": "a number",
    "list_type": "a list",
    "model_type": "a mapping of keys to values",
    "string_type": "text (put it in quotes)",
    "tuple_type": "a list",
}
"""Pydantic's type of a complaint -> what the value must be."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and where."""

    place: Place
    way: Way
    message: str


def phrases(
    errors: Sequence[ErrorDetails], document: Document, model: type[BaseModel] = Policy
) -> list[Flaw]:
    """The flaws that complaints of a model are about, but not what only follows from another one.

    That a key is missing which was misspelled, or in whose place one stands that comes with a later release;
    and that the value is wrong of a key that can't stand there at all.
    """
    unknown = [_way(error["loc"], document) for error in errors if error["type"] == "extra_forbidden"]
    instead = {(*way[:-1], key) for way in unknown for key in _meant(way, model)}
    impossible = {_way(error["loc"], document) for error in errors if _is_of_key(error)}
    kept = []
    for error in errors:
        flaw = phrase(error, document, model)
        of_another = instead if error["type"] == "missing" else impossible
        if _is_of_key(error) or flaw.way not in of_another:
            kept.append(flaw)
    return kept


def phrase(error: ErrorDetails, document: Document, model: type[BaseModel] = Policy) -> Flaw:
    """The flaw that a complaint is about."""
    way = _way(error["loc"], document)
    if error["type"] == "missing":
        return Flaw(_near(way, document), (*way, error["loc"][-1]), _missing(error["loc"]))
    if error["type"] == "extra_forbidden":
        return Flaw(document.keys.get(way, document.values[way]), _shown(way), _unknown(way, model))
    if _is_of_key(error):
        return Flaw(document.keys[way], way, _wrong(error, repr(_cut(str(way[-1])))))
    return Flaw(document.values[way], way, _wrong(error, _quote(way, error["input"], document)))


def _is_of_key(error: ErrorDetails) -> bool:
    return error["loc"][-1:] == ("[key]",)


def _way(loc: Sequence[str | int], document: Document) -> Way:
    """Pydantic's location without its own marks: names of union members, `[key]`, keys that are not there."""
    way: Way = ()
    for part in loc:
        if (*way, part) in document.values:
            way = (*way, part)
    return way


def _shown(way: Way) -> Way:
    """Where it is, without what is a secret of it."""
    return (*way[:-1], "…") if way[0] == SECRET and SCHEME in str(way[-1]) else way


def _near(way: Way, document: Document) -> Place:
    """Where a mapping is named, if it is; else where it begins."""
    return document.keys.get(way, document.values[way])


def _missing(loc: Sequence[str | int]) -> str:
    return "is missing: begin the file with `version: 1`" if loc == ("version",) else "is missing"


def _unknown(way: Way, model: type[BaseModel]) -> str:
    known = sorted(known_keys(way[:-1], model))
    near = get_close_matches(str(way[-1]), known, n=1)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    return f"unknown key: there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"


def _meant(way: Way, model: type[BaseModel]) -> Iterator[str]:
    """The key that an unknown one may stand for."""
    yield from get_close_matches(str(way[-1]), known_keys(way[:-1], model), n=1)


def _wrong(error: ErrorDetails, given: str) -> str:
    match error["type"]:
        case "value_error":
            return str(error["ctx"]["error"])
        case "literal_error" | "enum":
            return f"must be {error['ctx']['expected'].replace(chr(39), '')}, not {given}"
        case "too_short" | "string_too_short":
            return "must not be empty"
        case "too_long":
            return f"has {error['ctx']['max_length']} entries at most, not {error['ctx']['actual_length']}"
        case "string_too_long":
            return f"has {error['ctx']['max_length']} characters at most"
        case "greater_than_equal":
            return f"must be {error['ctx']['ge']} or more, not {given}"
        case "less_than_equal":
            return f"must be {error['ctx']['le']} or less, not {given}"
        case "string_type" if given.startswith("a "):
            return f"must be text, not {given}"
        case kind if kind in _WANTED:
            return f"must be {_WANTED[kind]}, not {given}"
        case _:
            return f"{error['msg'][:1].lower()}{error['msg'][1:]}, not {given}"


def _quote(way: Way, value: Any, document: Document) -> str:
    """A value as it was written, cut; text in quotes; a list or a mapping by its kind."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = _cut(document.written[way])
    if way[:1] == (SECRET,) and SCHEME in text:
        return "an address: it is a secret, and not repeated"
    return repr(text) if isinstance(value, str) else text or "nothing"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def known_keys(way: Way, model: type[BaseModel] = Policy) -> frozenset[str]:
    """The keys that a model has for a mapping at this place."""
    root = model.model_json_schema()
    reached = [root]
    for part in way:
        reached = [inner for schema in reached for inner in _inside(schema, part, root)]
    return frozenset(key for schema in reached for key in schema.get("properties", {}))


def _inside(schema: dict[str, Any], part: object, root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What JSON Schema says of a key or an index, with references followed."""
    further = schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)
    further = further or schema.get("additionalProperties")
    for found in (further, *schema.get("patternProperties", {}).values()):
        if isinstance(found, dict):
            yield from _followed(found, root)


def _followed(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _followed(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    for choice in schema.get("anyOf", schema.get("oneOf", [])):
        yield from _followed(choice, root)
    yield schema
