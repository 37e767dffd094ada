"""What the chain asks of a dialect, that is, of a wire format."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from tollway.model import Asked, Endpoint, Report


class Reader(Protocol):
    """Reads one answer as its decoded bytes come by. It never raises, whatever it is fed."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the answer, cut anywhere."""

    def report(self) -> Report:
        """What is known so far; after the last byte, all that ever will be."""

    def delivered(self) -> bytes:
        """The texts that the answer has carried so far, for an estimate; bounded."""


class Dialect(Protocol):
    """One wire format: reads a request, an answer, and writes an error. Stateless."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: a JSON object's members, or a form's fields, whose files are `bytes`.

        Wrong types are taken as absent, never raised.
        """

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The texts of the request that a model reads, for an estimate."""

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for one answer with these headers, by their lower-case names; `:status` is its status."""

    def error(self, status: int, message: str, code: str) -> bytes:
        """An error body in the provider's own JSON shape, as its SDK understands it."""
