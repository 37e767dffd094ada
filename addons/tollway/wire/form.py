"""A multipart form, as uploads of sounds and images come (RFC 7578)."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

MOST = 1000
"""Parts that are read; what follows is left out."""

_CANDIDATES = 10_000  # places that may be a delimiter: each takes a microsecond
_REST = re.compile(rb"(--)?[ \t]*+(?:\r\n|\r?\Z)|-\Z")
"""Behind a boundary, up to the end of its line; it may be cut off."""
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb'^content-disposition:[^\r\n]*?;[ \t]*name="([^"\r\n]*)"', re.IGNORECASE | re.MULTILINE)
_NAMING = re.compile(rb"[;\s]name\*?[ \t]*=", re.IGNORECASE)
_FILE = re.compile(rb"^content-disposition:[^\r\n]*?;[ \t]*filename\*?=", re.IGNORECASE | re.MULTILINE)


def is_form(media_type: str) -> bool:
    """Whether a body of this content type is a multipart form."""
    return media_type.lstrip().lower().startswith("multipart/form-data")


def form(body: bytes, media_type: str) -> Mapping[str, str | bytes] | None:
    """The fields of a form by name: texts as `str`, files as `bytes`; of several of one name, the last.

    None if the content type names no boundary, or the body has no part. A form that is cut off has the
    parts that are whole.
    """
    match = _BOUNDARY.search(media_type)
    if match is None:
        return None
    fields: dict[str, str | bytes] = {}
    for head, content in _parts(body, b"--" + (match[1] or match[2]).encode("utf-8", "replace")):
        if name := _NAME.search(head):
            key = name[1].decode("utf-8", "replace")
            fields[key] = content if _FILE.search(head) else content.decode("utf-8", "replace")
    return fields or None


def stretches(body: bytes, media_type: str) -> list[tuple[bytes, bytes]] | None:
    """All of a form, of which every byte but its delimiters is somewhere: of each part its head and its
    content; what stands before, behind or in none has no head. None, as `form`."""
    match = _BOUNDARY.search(media_type)
    if match is None:
        return None
    found, start = list[tuple[bytes, bytes]](), 0
    places = _delimiters(body, b"--" + (match[1] or match[2]).encode("utf-8", "replace"))
    for at, end, is_last in islice(places, MOST + 1):
        found.append(_stretch(body[start:at]))
        start = end
        if is_last:
            break
    found.append(_stretch(body[start:]))
    return found if len(found) > 1 else None


def _stretch(part: bytes) -> tuple[bytes, bytes]:
    head, blank, content = part.partition(b"\r\n\r\n")
    return (head, content) if blank else (b"", part)


def names_of(body: bytes, media_type: str) -> list[str] | None:
    """The names of a form's parts in their order, each as often as it is there.

    None where readers may differ in them: a name that is written otherwise than browsers do it, twice in one
    part or with an escape; two boundaries; more parts than are read.
    """
    match = _BOUNDARY.search(media_type)
    if match is None or media_type.lower().count("boundary") != 1:
        return None
    names = []
    for head, _ in _parts(body, b"--" + (match[1] or match[2]).encode("utf-8", "replace")):
        name = _NAME.search(head)
        if name is None or len(_NAMING.findall(head)) != 1 or b"\\" in name[1] or b"%" in name[1]:
            return None
        names.append(name[1].decode("utf-8", "replace"))
    return names if len(names) < MOST else None


def _parts(body: bytes, delimiter: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Head and content of each part that is whole."""
    start = None
    for at, end, is_last in islice(_delimiters(body, delimiter), MOST + 1):
        if start is not None:
            head, _, content = body[start : max(start, at - 2)].partition(b"\r\n\r\n")
            yield b"\r\n" + head, content
        if is_last:
            return
        start = end


def _delimiters(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each begins and ends, and whether it is the form's end. It has a line of its own.

    What only begins like one is part of a file, as it is for a provider: else a file could hide a field.
    """
    at = -1
    for _ in range(_CANDIDATES):
        at = body.find(delimiter, at + 1)
        if at < 0:
            return
        rest = _REST.match(body, at + len(delimiter))
        if rest is not None and (at == 0 or body[at - 2 : at] == b"\r\n"):
            yield at, rest.end(), rest[1] is not None
