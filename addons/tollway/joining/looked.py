"""A call that was looked for in the cache, and not found: what is asked of its provider may be kept."""

from msgspec import Struct

from tollway.caching.place import Place
from tollway.joining.shared import Shared
from tollway.model import Endpoint


class Looked(Struct, frozen=True, kw_only=True):
    """As it was when it was looked for."""

    place: Place
    endpoint: Endpoint
    host: str
    body: bytes
    shared: Shared
    """Its answer, for identical calls that come meanwhile."""

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Looked({self.endpoint.provider}, {len(self.body)} bytes)"

    def asks(self, endpoint: Endpoint, host: str, body: bytes | None) -> bool:
        """Whether that is what is still asked: no route, limit or clamp has made it another call."""
        return endpoint == self.endpoint and host == self.host and body == self.body
