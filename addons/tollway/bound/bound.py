"""The most that a call can be billed for, or why nothing bounds it."""

from msgspec import Struct
from msgspec.structs import replace

from tollway.model import Usage


class Bound(Struct, frozen=True, kw_only=True):
    """An upper bound of a call's usage, field by field.

    A field that is None can't be billed at all, but for parts of the input and of the output, which their
    wholes bound: what is read from or written to a cache, images, sounds, reasoning.
    """

    usage: Usage
    max_output: int | None
    """What one answer may write: the smaller of the caller's maximum and the model's. None: nothing known
    limits it, so `usage.output_tokens` is None as well, and only a clamp can bound it."""
    answers: int = 1
    """How many such answers may be billed: choices, iterations."""
    more_output: int = 0
    """Tokens that may be billed as output though no maximum of the answers limits them: predictions that were
    rejected. They are within `usage.output_tokens` wherever that is known."""
    turns: int = 1
    """How often the model may read all of it: once more after each call of the provider's tools."""
    shape: str = ""
    """The dialect and what of the request decided: calls of one shape are quarantined together."""
    why: tuple[str, ...] = ()
    """The argument, a line for each step, for `tollway bound`."""

    def clamped(self, max_output: int) -> "Bound":
        """The bound where each answer may write at most so many tokens."""
        usage = replace(self.usage, output_tokens=max_output * self.answers + self.more_output)
        return replace(self, usage=usage, max_output=max_output)


class Unbounded(Struct, frozen=True, kw_only=True):
    """Nothing bounds this call: a hard limit refuses it with this reason, a soft one holds an estimate."""

    reason: str
    """What of the request can't be bounded, named by its key, for the caller to read."""
    cappable: bool = False
    """A cap on the calls of the provider's tools would bound it, and one may be written into it."""
    shape: str = ""
