"""What the simulator remembers of one WebSocket."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.simulator.body import Body


@dataclass(slots=True, eq=False)
class Heard:
    """One message from the client."""

    body: Body
    """Its content, without compression and masks; of a long one the beginning."""
    binary: bool
    at: float = 0.0
    """When it was whole, in monotonic seconds."""
    frames: int = 0

    @property
    def content(self) -> bytes:
        """As far as it is kept."""
        return self.body.kept

    @property
    def json(self) -> Any:
        """Raises ValueError if it is none."""
        return orjson.loads(self.content)


@dataclass(slots=True, eq=False)
class SocketSeen:
    """One socket, from its upgrade on; the fields fill up as it goes."""

    deflates: bool = False
    """permessage-deflate was agreed on."""
    heard: list[Heard] = field(default_factory=list)
    """The client's messages, in their order; the newest of very many."""
    messages: int = 0
    """The client's messages, kept or not."""
    calls: int = 0
    """Calls that have begun, whoever began them."""
    over: int = 0
    """Calls of which all was said that was to be said; not those that were cut."""
    cancelled: int = 0
    pings: int = 0
    """From the client."""
    pongs: int = 0
    closed: tuple[int, str] | None = None
    """Code and reason of the client's close frame."""

    @property
    def types(self) -> list[str]:
        """What the client's messages say they are: their `type`, or the names of their members."""
        return [_type(one) for one in self.heard]

    def described(self) -> dict[str, Any]:
        """As JSON, without the contents."""
        return {
            "deflates": self.deflates, "messages": self.messages, "types": self.types, "calls": self.calls,
            "over": self.over, "cancelled": self.cancelled, "pings": self.pings, "pongs": self.pongs,
            "closed": self.closed,
        }  # fmt: skip


def _type(heard: Heard) -> str:
    try:
        said = heard.json
    except ValueError:
        return "?"
    return str(said.get("type") or ",".join(said)) if isinstance(said, dict) else "?"
