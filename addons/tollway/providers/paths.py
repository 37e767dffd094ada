"""Path patterns of the provider table, and how a request's path is brought into their form."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

_TOKEN = re.compile(r"\{([a-z][a-z0-9_]*)(\*|~[a-z0-9-]+)?\}")
_ENCODED_SLASH = re.compile("%2f", re.IGNORECASE)
KEPT = ("model", "upstream")
"""The placeholders whose text a match keeps."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which pattern matched, and what its kept placeholders stood for."""

    index: int
    kept: dict[str, str]


def check_base(text: str) -> str:
    """The text itself if it is a prefix of paths; a ValueError if not."""
    return text if text == "" else check_path(text)


def check_path(text: str) -> str:
    """The text itself if it is a path pattern; a ValueError that says what is wrong with it if not."""
    plain = _TOKEN.sub("x", text.removesuffix("/**"))
    if not text.startswith("/"):
        raise ValueError(f"path {text!r} must begin with a slash: /v1/chat/completions")
    if re.search(r"[{}*?#%\s]|//", plain) or (plain != "/" and plain.endswith("/")):
        raise ValueError(f"path {text!r}: {{x}} is a segment, {{x*}} several, /** at the end the rest")
    return text


class Paths:
    """Patterns to match a path against: those spelled out first, then the others in their order."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns
        self.patterns = tuple(patterns)
        """As given: a match's index is one of these."""
        self._spelled_out: dict[str, Match] = {}
        for index, pattern in enumerate(patterns):
            if not _is_open(pattern):
                self._spelled_out.setdefault(pattern.lower(), Match(index, {}))

    def match(self, path: str) -> Match | None:
        """The first pattern that the path, in its `normal` form, matches."""
        if (spelled_out := self._spelled_out.get(path.lower())) is not None:
            return spelled_out
        regex, groups = self._open
        found = regex.fullmatch(path)
        if found is None or found.lastgroup is None:
            return None
        index, first, names = groups[found.lastgroup]
        return Match(index, {n: unquote(found[first + i]) for i, n in enumerate(names)})

    @cached_property
    def _open(self) -> tuple[re.Pattern[str], dict[str, tuple[int, int, tuple[str, ...]]]]:
        """All open patterns as one, and for each its index and its groups' first number and names.

        Compiled when a host is first called, as most providers of the table never are.
        """
        groups: dict[str, tuple[int, int, tuple[str, ...]]] = {}
        branches, number = [], 1
        for index, pattern in enumerate(self._patterns):
            if _is_open(pattern):
                body, names = _regex(pattern)
                groups[f"p{index}"] = (index, number + 1, names)
                branches.append(f"(?P<p{index}>{body})")
                number += 1 + len(names)
        return re.compile("|".join(branches) or "(?!)", re.IGNORECASE), groups


def filled(pattern: str, values: Mapping[str, str]) -> str | None:
    """A path that the pattern matches, its placeholders replaced by these values, escaped where need be.

    None if a placeholder has no value. What a `/**` stands for is left out.
    """
    stem, missing = pattern.removesuffix("/**"), False

    def value(token: re.Match[str]) -> str:
        nonlocal missing
        missing = missing or token[1] not in values
        return escaped(values.get(token[1], ""), slashes=token[2] == "*")

    path = _TOKEN.sub(value, stem)
    return None if missing else path


def renamed(pattern: str, path: str, name: str, value: str) -> str | None:
    """The path with another value for one of its kept placeholders, as a request would have it.

    `path` is in its `normal` form. None if it does not match the pattern, or that has no such placeholder.
    """
    regex, names = _regex(pattern)
    found = re.fullmatch(regex, path, re.IGNORECASE)
    if found is None or name not in names:
        return None
    start, end = found.span(1 + names.index(name))
    new = escaped(value, slashes=f"{{{name}*}}" in pattern)
    return _escaped_again(path[:start]) + new + _escaped_again(path[end:])


def escaped(value: str, slashes: bool = False) -> str:
    """A value as it stands in a path; `slashes`: it may be of several segments."""
    return quote(value, safe="@:/" if slashes else "@:")


def _escaped_again(path: str) -> str:
    """A part of a path in its `normal` form, escaped, as its escaped slashes are already."""
    return "%2F".join(quote(part, safe="/@:!$&'()*+,;=~") for part in _ENCODED_SLASH.split(path))


def _is_open(pattern: str) -> bool:
    return "{" in pattern or pattern.endswith("/**")


def normal(path: str) -> str:
    """A request's path without query, escapes, empty and dot segments: what a server may make of it.

    An escaped slash stays escaped, as it does not part segments.
    """
    path = path.partition("?")[0].partition("#")[0]
    if "%" in path:
        path = unquote(_ENCODED_SLASH.sub("%252F", path))
    if "//" in path or "/." in path or path.endswith("/"):
        path = "/" + "/".join(_resolved(path.split("/")))
    return path


def is_bent(path: str) -> bool:
    """Whether a request's path leads elsewhere by dot segments, escaped ones and slashes included: servers
    differ in whether they follow these."""
    path = path.partition("?")[0]
    return "." in unquote(path) and not {".", ".."}.isdisjoint(unquote(path).replace("\\", "/").split("/"))


def _resolved(segments: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return kept


def _regex(pattern: str) -> tuple[str, tuple[str, ...]]:
    """The pattern as a regular expression, and the names of its groups."""
    stem = pattern.removesuffix("/**")
    parts, names, at = [], [], 0
    for token in _TOKEN.finditer(stem):
        name, how = token[1], token[2] or ""
        body = ".+" if how == "*" else rf"[^/]*{re.escape(how[1:])}[^/]*" if how else "[^/]+"
        names += [name] if name in KEPT else []
        parts += [re.escape(stem[at : token.start()]), f"({body})" if name in KEPT else f"(?:{body})"]
        at = token.end()
    tail = "(?:/.*)?" if stem != pattern else ""
    return "".join(parts) + re.escape(stem[at:]) + tail, tuple(names)
