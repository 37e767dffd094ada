"""HTTP/1 responses read from bytes, for RawClient."""

from dataclasses import dataclass

from tests.simulator.framing import BodyReader, Chunked, Fixed, UntilClosed, header


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response, as far as it came."""

    status: int
    """0: not even a head came."""
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Without transfer coding; content coding untouched."""
    trailers: tuple[tuple[str, str], ...]
    informational: tuple[int, ...]
    """Statuses of the 1xx answers before it."""
    whole: bool
    """Its framing says that all of it came."""
    ended: str
    """How the connection ended, if it did: see RawClient.ended."""

    def header(self, name: str) -> str | None:
        """The first header of that name, compared without case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class ResponseReader:
    """Takes one response off a buffer."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._status = 0
        self._version = ""
        self._headers: tuple[tuple[str, str], ...] = ()
        self._informational: list[int] = []
        self._reader: BodyReader | None = None
        self._body: list[bytes] = []

    def take(self, buffer: bytearray) -> bool:
        """Remove what belongs to the response; whether it is whole."""
        while self._reader is None:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._take_head(bytes(buffer[:end]))
            del buffer[: end + 4]
        data, done = self._reader.take(buffer)
        self._body.append(data)
        return done

    def response(self, ended: str) -> Response:
        """What was taken. `ended`: the connection is over, and how; "" if the response is whole."""
        until_closed = isinstance(self._reader, UntilClosed) and ended in ("eof", "close_notify")
        return Response(
            status=self._status,
            version=self._version,
            headers=self._headers,
            body=b"".join(self._body),
            trailers=self._reader.trailers if self._reader else (),
            informational=tuple(self._informational),
            whole=not ended or until_closed,
            ended=ended,
        )

    def _take_head(self, head: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, *_ = first.split(" ", 2)
        if status.startswith("1") and status != "101":
            self._informational.append(int(status))
            return
        self._version, self._status = version, int(status)
        self._headers = tuple(header(line) for line in lines)
        self._reader = self._body_reader()

    def _body_reader(self) -> BodyReader:
        values = {name.lower(): value for name, value in self._headers}
        tunnel = self._method == "CONNECT" and self._status == 200
        if tunnel or self._method == "HEAD" or self._status in (101, 204, 304):
            return Fixed(0)
        if "chunked" in values.get("transfer-encoding", ""):
            return Chunked()
        if "content-length" in values:
            return Fixed(int(values["content-length"]))
        return UntilClosed()
