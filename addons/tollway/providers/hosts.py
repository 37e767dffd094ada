"""Host patterns of the provider table: exact names, names per region, and names with labels left open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import product

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BEGINS = re.compile(rf"({_LABEL})\.(?=\{{)", re.IGNORECASE)
OPEN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
"""What an open label of a pattern stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One name, or all names with `labels` further labels in front of it, of which `first` may be fixed."""

    name: str
    """Lower case, without a trailing dot; an address as `ipaddress` writes it."""
    labels: int = 0
    first: str = ""
    """The label that the names begin with; "" for any."""
    port: int | None = None
    """None: every port."""

    @property
    def is_address(self) -> bool:
        """An IP address, which no name constraint can permit."""
        if ":" not in self.name and not self.name[-1:].isdigit():
            return False  # at once: all hosts are asked at every start
        try:
            ip_address(self.name)
        except ValueError:
            return False
        return True


def check_host(text: str) -> str:
    """The text itself if it is a host pattern; a ValueError that says what is wrong with it if not."""
    _parse(_PLACEHOLDER.sub("x", text), text)
    return text


def expand(text: str, regions: Mapping[str, Sequence[str]]) -> tuple[Host, ...]:
    """The hosts that a pattern stands for. ValueError: an open label is neither in front nor the second."""
    named = [m[1] for m in _PLACEHOLDER.finditer(text) if m[1] in regions]
    texts = [text]
    for name in named:
        texts = [t.replace(f"{{{name}}}", r, 1) for t, r in product(texts, regions[name])]
    return tuple(_opened(t) for t in texts)


def opened(text: str, regions: Mapping[str, Sequence[str]]) -> tuple[re.Pattern[str], int | None] | None:
    """The names of a pattern that names a list of regions, were any label a region, and its port.

    None for a pattern of another kind. Regions are added faster than tables.
    """
    if not any(m[1] in regions for m in _PLACEHOLDER.finditer(text)):
        return None
    port = _parse(_PLACEHOLDER.sub("x", text), text)[1]
    fixed = _PLACEHOLDER.split(text.removesuffix(f":{port}").lower())[::2]
    return re.compile(f"(?:{OPEN_LABEL.pattern})".join(map(re.escape, fixed))), port


def normal(host: str) -> str:
    """A host as a request names it, as the table has it: lower case, no trailing dot, no brackets."""
    host = host.lower().removesuffix(".")
    if host.startswith("["):
        host = host[1:].removesuffix("]")
    return str(ip_address(host)) if ":" in host and _is_address(host) else host


def _is_address(host: str) -> bool:
    return Host(name=host).is_address


def _opened(text: str) -> Host:
    begins = _BEGINS.match(text)
    first = begins[1].lower() if begins else ""
    rest, labels = (text[begins.end() :], 1) if begins else (text, 0)
    while match := _PLACEHOLDER.match(rest):
        rest, labels = rest[match.end() :].removeprefix("."), labels + 1
    if "{" in rest:
        raise ValueError(f"host {text!r}: an open label must be in front, or second: {{label}}.example.com")
    if labels and rest.count(".") < 1:
        raise ValueError(f"host {text!r}: too wide: at least two labels must be fixed")
    name, port = _parse(rest, text)
    return Host(name=name, labels=labels, first=first, port=port)


def _parse(text: str, given: str) -> tuple[str, int | None]:
    """Name and port. `given` is what the message quotes."""
    hint = "write it as llm.corp.example or llm.corp.example:8000, without scheme, user or path"
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?", text)
    if match is None:
        raise ValueError(f"{given!r} is no host: {hint}")
    name, port = normal(match[1]), int(match[2]) if match[2] else None
    if not (_is_address(name) or (_NAME.fullmatch(name) and not text.startswith("["))):
        raise ValueError(f"{given!r} is no host: {hint}")
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"host {given!r}: the port must be 1 to 65535")
    return name, port
