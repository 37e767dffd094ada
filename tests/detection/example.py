"""An example for a detector: a text, and what is to be found in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """One text of the corpus."""

    kind: str
    text: str
    value: str
    """What the text is about."""
    true: bool
    """Whether that is one of the kind; nothing of the kind is to be found where it is not."""
    where: str
    """The surrounding it stands in."""
