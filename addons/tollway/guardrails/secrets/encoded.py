"""Base64 inside a text: what it holds, and what is in it by chance."""

import re
from collections.abc import Iterator
from string import ascii_letters, digits

from tollway.guardrails.secrets.holding import decoded
from tollway.guardrails.secrets.rule import compiled

# Three bytes of ASCII are four digits, the first below 32: no hash, no picture goes on like that. No group,
# so that the automaton does it alone.
_RUN = compiled(r"\b(?:[A-Za-f][A-Za-z0-9+/]{3}){6,}[A-Za-z0-9+/]{0,3}={0,2}")
_MORE = frozenset(bytes([byte]) for byte in b"+/=" + (ascii_letters + digits).encode())
"""What goes on before or after a run is another one."""
_NO_TEXT = bytes(range(9)) + bytes(range(14, 32)) + b"\x7f"
_AROUND = 128
"""Characters on either side that make a run a long one."""
_LONG = re.compile(rf"[A-Za-z0-9+/\r\n]{{{_AROUND}}}")


def texts(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The beginning and the end of each run of base64 that holds ASCII text, and the text.

    One layer, the standard alphabet, unbroken: what is split into lines is read line by line.
    """
    for match in _RUN.finditer(data):
        start, end = match.span()
        if data[max(0, start - 1) : start] in _MORE or data[end : end + 1] in _MORE:
            continue
        said = decoded(data[start:end].decode())
        if said is not None and said.isascii() and len(said.translate(None, _NO_TEXT)) == len(said):
            yield start, end, said


def is_chance(text: str, start: int, end: int) -> bool:
    """Whether a place lies in the middle of a long run of base64: a picture says any four letters by chance,
    `AIza` once in sixteen megabytes.
    """
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    glued = not (before[-1:].isspace() or after[:1].isspace())
    return glued and bool(_LONG.fullmatch(before) and _LONG.fullmatch(after))
