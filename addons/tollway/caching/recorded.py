"""An answer as it is kept: what a replay needs, and what the call that it answered came to."""

from msgspec import Struct

from tollway.model import Usage


class Recorded(Struct, frozen=True, kw_only=True):
    """A whole, successful answer, as its provider sent it, before guardrails changed it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Those worth replaying, as `worth_replaying` picks them: content-type first. No length, no coding."""
    body: bytes
    """Decoded. Of a stream, all of its events in their framing."""
    stream: bool
    """Whether the call asked for one: then it answers nothing but streams."""
    call: str
    """The ledger's id of the call that was paid for."""
    rule: str
    scope: str
    provider: str
    model: str | None
    usage: Usage
    cost_nano: int
    """What it cost then; what each replay saves."""
    made_us: int
    """When it was whole."""
    until_us: int
    """When it is over, by the policy of then."""

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Recorded({self.call}, {len(self.body)} bytes)"
