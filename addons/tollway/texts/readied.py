"""A text as it is kept: without what must not be, or known as none."""

from collections.abc import Collection

from msgspec.structs import replace

from tollway.redaction.document import redacted_document
from tollway.texts.store import BINARY, Text


def readied(text: Text, secrets: Collection[str]) -> Text:
    """Without what looks like a credential, and without these. Raises ValueError where that can't be done:
    then nothing of it is to be kept."""
    if text.body is None:
        return text
    if not _is_text(text.body, text.whole):
        return replace(text, body=None, why_not=BINARY)
    known = frozenset(each.encode("utf-8", "surrogateescape") for each in secrets)
    return replace(text, body=redacted_document(text.body, known))


def _is_text(body: bytes, whole: bool) -> bool:
    """Whether it is UTF-8; one that broke off may end within a character."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return not whole and error.end == len(body) and error.reason == "unexpected end of data"
    return True
