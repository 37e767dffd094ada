"""What goes wrong for a reason that the user can mend. The command line prints it, without a traceback."""

from collections.abc import Sequence
from dataclasses import dataclass


class TollwayError(Exception):
    """A sentence for the user: what is wrong, with which file, key or value, and what to do."""

    status = 1
    """The exit status of the command that it ends: refused or failed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a policy file."""

    file: str
    line: int | None
    """From 1, as `column`; both are None if the file could not be read at all."""
    column: int | None
    path: str
    """The way to the value: `faults.abandoned`, `providers[0].hosts`; "" for the file as a whole."""
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class PolicyError(TollwayError):
    """A policy that can't be used, with all its mistakes: a line for each, in the file's order."""

    status = 2

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)
