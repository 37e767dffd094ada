"""JSON whose strings say as it is what needs no escape: `\\u0061` is `a`, `\\/` is `/`.

It means the same, and who looks for something in it sees what its reader will.
"""

import re

from tollway.guardrails.answers.channel import Filter

_ESCAPE = re.compile(r"\\(?:u00([2-7][0-9a-fA-F])|(/)|u[0-9a-fA-F]{4}|[^u])", re.DOTALL)
"""Of what is written in ASCII."""
_BEGUN = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_NEEDED = frozenset({'"', "\\", "\x7f"})


def plain(text: str) -> str:
    """All of a text. What is no escape of JSON stays."""
    return _ESCAPE.sub(_said, text) if "\\" in text else text


class Plainly:
    """A text that goes so through another filter."""

    def __init__(self, then: Filter) -> None:
        self._then = then
        self._held = ""

    @property
    def ended(self) -> bool:
        """Whether that one ended it."""
        return self._then.ended

    def feed(self, text: str) -> str:
        """What goes on. The beginning of an escape is held back."""
        text = self._held + text
        begun = _begun(text)
        self._held = text[begun:]
        return self._then.feed(plain(text[:begun]))

    def end(self) -> str:
        """The rest."""
        held, self._held = self._held, ""
        passed = self._then.feed(held) if held else ""
        return passed if self._then.ended else passed + self._then.end()


def _begun(text: str) -> int:
    """Where an escape begins that may go on behind the text. A backslash behind another one begins none."""
    begun = _BEGUN.search(text, max(0, len(text) - 6))
    if begun is None:
        return len(text)
    at = begun.start()
    before = len(text[:at]) - len(text[:at].rstrip("\\"))
    return at if before % 2 == 0 else len(text)


def _said(escape: re.Match[str]) -> str:
    said = chr(int(escape[1], 16)) if escape[1] else escape[2] or ""
    return escape[0] if said in _NEEDED or not said else said
