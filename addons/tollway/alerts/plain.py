"""Names that others chose, as they may stand in a sentence."""

LONGEST = 200
"""Characters of one name."""


def plain(text: str, most: int = LONGEST) -> str:
    """In one line, with nothing in it that can't be shown, or can't be sent, and not longer than that."""
    shown = "".join([letter if letter.isprintable() else "?" for letter in text[:most]])
    return shown if len(text) <= most else f"{shown}..."
