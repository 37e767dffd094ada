"""Text that lies in base64 inside a text."""

from collections.abc import Iterator
from string import ascii_letters, digits

from tollway.guardrails.secrets.holding import decoded
from tollway.guardrails.secrets.rule import compiled

_RUN = compiled(
    # Three bytes of ASCII are four digits, the first below 32: no hash and no picture goes on like that.
    "(?:^|[^A-Za-z0-9+/])(?P<value>(?:[A-Za-f][A-Za-z0-9+/]{3}){6,}[A-Za-z0-9+/]{0,3}={0,2})"
)
_MORE = frozenset(bytes([byte]) for byte in b"+/=" + (ascii_letters + digits).encode())
_NO_TEXT = bytes(range(9)) + bytes(range(14, 32)) + b"\x7f"


def texts(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The beginning and the end of each run of base64 that holds ASCII text, and the text.

    One layer, the standard alphabet, unbroken: what is split into lines is read line by line.
    """
    for match in _RUN.finditer(data):
        start, end = match.span(1)
        said = None if data[end : end + 1] in _MORE else decoded(data[start:end].decode())
        if said is not None and said.isascii() and len(said.translate(None, _NO_TEXT)) == len(said):
            yield start, end, said
