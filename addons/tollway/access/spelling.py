"""All names of one model: those that are surely its own, and those that another model may have as well.

What prices strip to find a model on a list (`prices.names`) stands here beside what hosts put around a name.
An allow rule means a model by its sure names only; a deny rule by all of them, since whoever is refused a
model may ask for it by any.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from tollway.access.chosen import is_chosen
from tollway.prices.names import MAX_NAME, RULES

type Rewriting = tuple[re.Pattern[str], str]

MOST_FORMS = 96
"""Of one name. Each model's has a dozen or two; one that has more was made up."""
REMEMBERED = 4096

_LISTED = {name: (pattern, left) for name, pattern, left in RULES}
_VENDOR, _DATE = _LISTED["vendor"], _LISTED["date-suffix"]
_HOSTS: tuple[Rewriting, ...] = (
    *(_LISTED[name] for name in ("arn", "path", "window", "variant", "profile", "latest")),
    # Bedrock's anthropic.claude-opus-5, whose maker stands before a slash elsewhere
    (re.compile(r"^([a-z][a-z0-9-]*)\.(?=[a-z])"), r"\1/"),
    # ... and its -v1:0, -1:0, -v2:0:200k; of Claude -v1, too
    (re.compile(r"-v?\d+:\d+(?::\d+k)?$"), ""),
    (re.compile(r"(?<![a-z])(claude-.*)-v\d$"), r"\1"),
)
_WRAPPED: tuple[Rewriting, ...] = (
    _LISTED["fine-tuned"],
    # anthropic/claude-opus-4.6:batch, openai/gpt-oss-120b:groq, gpt-oss:120b
    (re.compile(r"^(?!ft:)(.+):[a-z0-9._-]+$"), r"\1"),
    (re.compile(r"^(?:databricks|snowflake|openai|anthropic|google|azure|bedrock|vertex)[-_](?=.)"), ""),
    (re.compile(r"(?<![a-z])(claude-.*)-(?:fast|thinking|thought)$"), r"\1"),
    (re.compile(r"^((?:gpt-|o\d).*)-(?:minimal|low|medium|high|xhigh)$"), r"\1"),
    (re.compile(r"-(?:preview|exp|experimental|beta)$"), ""),
)
_CLAUDE: tuple[Rewriting, ...] = (
    (re.compile(r"^(claude-(?:[a-z]+-)?\d)\.(?=\d)"), r"\1-"),
    (re.compile(r"^(claude-(?:[a-z]+-)?\d)-(?=\d(?:$|[-@:]))"), r"\1."),
    # claude-4.5-opus, as OpenRouter's permanent names and Snowflake's have it
    (re.compile(r"^claude-(\d(?:[-.]\d)?)-([a-z]+)(?=$|[-@:])"), r"claude-\2-\1"),
    (re.compile(r"^claude-([a-z]+)-(\d(?:[-.]\d)?)(?=$|[-@:])"), r"claude-\2-\1"),
    (re.compile(r"^(claude-[a-z]+-\d)-0$"), r"\1"),
    (re.compile(r"^(claude-.*)@(?=\d{8}$)"), r"\1-"),
)
_NUMBERS: tuple[Rewriting, ...] = (
    # gpt-5.1 is gpt-5-1 at Databricks, deepseek-v3.2 is v3p2 at Fireworks, llama-3.3 is 3_3 at OVHcloud
    (re.compile(r"(?<=\d)[.p_](?=\d)"), "-"),
    (re.compile(r"(?<=\d)-(?=\d(?:$|-[a-z]))"), "."),
)
_SAFE = re.compile(r"[a-z0-9 ~@._:/+\[\]-]+")
_UNTOLD = re.compile(r"\d+|arn:.*")
"""Numbers of endpoints; ARNs of an application's own."""
_DEPLOYED = re.compile(r"#accounts/.*$")
"""Fireworks' own deployment of a model, which stands before it."""
_LATEST = _LISTED["latest"][0]
_VERSION = re.compile(r"[-_.@:]?v?\d[\w.]*")
_PRESET = "@preset/"
"""What OpenRouter keeps under a name, its model included."""


class Spelled(Struct, frozen=True):
    """The names of one model, in lower case."""

    sure: frozenset[str]
    """What it is called for certain."""
    loose: frozenset[str]
    """What it may be called, whatever its date; `sure` included."""
    undated: frozenset[str]
    """The same, its date kept."""
    families: frozenset[str] = frozenset()
    """Of a name that has no version, and follows the latest (gemini-flash-latest): it may be any."""
    is_clear: bool = True
    """Whether its names tell which model it is: that of an application's profile, a router's or an agent's
    does not, nor does one that no provider gives."""


def spelled(model: str) -> Spelled:
    """The names of a model that a request asks for."""
    name = model.strip()
    return _spelled(name) if len(name) <= MAX_NAME else nameless("")  # what is long is not remembered


@lru_cache(REMEMBERED)
def _spelled(model: str) -> Spelled:
    name = _DEPLOYED.sub("", model.lower())
    if not _SAFE.fullmatch(name) or ".." in name or "//" in name:
        return nameless("")
    loose = _loose(name, (_DATE,))
    if len(loose) > MOST_FORMS:
        return nameless("")
    bare = [one for one in loose if not _VENDOR[0].match(one)]
    if _PRESET in name or all(map(_UNTOLD.fullmatch, bare)) or is_chosen(loose):
        return nameless(name)
    undated = _loose(name)
    latest = undated if _LATEST.search(name) else frozenset[str]()
    return Spelled(
        sure=_sure(name, (_VENDOR, _DATE)),
        loose=loose,
        undated=undated,
        families=frozenset(one for one in latest if not _VERSION.search(one)),
    )


def family(text: str) -> str:
    """A model's name, or a pattern, without its versions: claude-opus-4-* is claude-opus*."""
    return _VERSION.sub("", _VENDOR[0].sub("", text.lower().strip(), count=1)).replace("-*", "*")


def nameless(name: str) -> Spelled:
    """A name that tells no model: only what is written as it is means it for certain."""
    own = frozenset({name.lower()} - {""})
    return Spelled(sure=own, loose=own, undated=own, is_clear=False)


@lru_cache(REMEMBERED)
def meant(text: str) -> Spelled:
    """The names of the model that a rule's text is: a maker that it names, or a date, is a part of it."""
    name = text.lower().strip()
    return Spelled(sure=_sure(name), loose=_loose(name, (_DATE,)), undated=_loose(name))


def _sure(name: str, more: Sequence[Rewriting] = ()) -> frozenset[str]:
    return _closure(_closure((name,), (*_HOSTS, *more)), _CLAUDE)


def _loose(name: str, more: Sequence[Rewriting] = ()) -> frozenset[str]:
    stripped = _closure((name,), (*_HOSTS, _VENDOR, *_WRAPPED, *more))
    return _closure(stripped, (*_CLAUDE, *_NUMBERS))


def _closure(names: Iterable[str], rules: Sequence[Rewriting]) -> frozenset[str]:
    """The names, and what the rules make of them in whatever order, until they are too many."""
    found = {*names}
    todo = list(found)
    while todo and len(found) <= MOST_FORMS:
        one = todo.pop()
        for pattern, left in rules:
            other = pattern.sub(left, one, count=1)
            if other and other not in found:
                found.add(other)
                todo.append(other)
    return frozenset(found)
