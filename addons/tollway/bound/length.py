"""How many tokens a text, or a value shown as JSON, can be read as at most: one for each byte."""

import unicodedata
from collections.abc import Mapping

MEMBER = 4
"""Quotes, colon and comma around a member; tokens of roles and separators take less than their keys."""


def length(text: str) -> int:
    """Bytes in UTF-8, or of the NFKC form if that is longer.

    A byte-level tokenizer makes at most one token of a byte; some normalise first, and a character of three
    bytes may become eighteen (U+FDFA, 33 bytes).
    """
    if text.isascii():
        return len(text)
    normal = unicodedata.normalize("NFKC", text)
    return max(len(text.encode("utf-8", "surrogatepass")), len(normal.encode("utf-8", "surrogatepass")))


def weight(value: object) -> int:
    """The length of all strings, keys and numbers in a value, with the marks between them."""
    total = 0
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            total += length(one)
        elif isinstance(one, Mapping):
            total += sum(map(length, one)) + MEMBER * len(one)
            stack += one.values()
        elif isinstance(one, list):
            total += MEMBER * len(one)
            stack += one
        elif isinstance(one, bytes):
            total += len(one)
        else:
            total += len(repr(one))
    return total
