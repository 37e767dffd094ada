"""One connection to the admin address: one small request, one answer, and an end."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import h11
from msgspec import Struct

from tollway.engine.failure import log_failure
from tollway.observe.door import Door

logger = logging.getLogger(__name__)

LARGEST = 16 * 1024
"""Bytes of a request, up to which it is read."""
SECONDS = 10.0
"""From the connection's begin to its end, however slowly its client writes and reads."""
METHODS = (b"GET", b"HEAD")
PLAIN = "text/plain; charset=utf-8"


class Answer(Struct, frozen=True):
    """What is said, and then the connection ends."""

    status: int
    body: bytes
    kind: str = PLAIN
    more: tuple[tuple[str, str], ...] = ()
    """Headers."""


class Asked(Struct, frozen=True):
    """What a page is asked."""

    query: bytes = b""
    is_known: bool = True
    """Whether who asks may hear more than yes or no."""


class Page(Struct, frozen=True, kw_only=True):
    """What is told at one path."""

    name: str
    """As in a sentence."""
    tell: Callable[[Asked], Awaitable[Answer]]
    is_probe: bool = False
    """It is cheap, and told even where too many ask: what asks decides whether calls come here."""


class Pages(Struct, frozen=True, kw_only=True):
    """All of an admin address."""

    door: Door
    by_path: Mapping[bytes, Page]
    close: Callable[[], None] = lambda: None
    """Has what is being made end; called on the listener's loop."""

    @property
    def not_here(self) -> Answer:
        """Which there are."""
        paths = ", ".join(path.decode() for path in self.by_path)
        return Answer(HTTPStatus.NOT_FOUND, f"there is: {paths}\n".encode())


ELSEWHERE = Answer(HTTPStatus.FORBIDDEN, b"ask by an address of this machine, or by localhost\n")
UNKNOWN = Answer(
    HTTPStatus.UNAUTHORIZED, b"show the token: Authorization: Bearer TOKEN\n",
    more=(("WWW-Authenticate", 'Bearer realm="tollway"'),),
)  # fmt: skip
NOT_SO = Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"ask with GET\n", more=(("Allow", "GET, HEAD"),))
TOO_MANY = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE, b"too many ask at once; try again in a moment\n",
    more=(("Retry-After", "1"),),
)  # fmt: skip


async def served(
    reader: StreamReader, writer: StreamWriter, pages: Pages, full: bool, seconds: float = SECONDS
) -> None:
    """Answer one request; its caller closes then. `full`: too many ask."""
    writer.transport.set_write_buffer_limits(0)  # `drain` then waits until all is written
    try:
        async with asyncio.timeout(seconds):
            connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST)
            request = await _request(connection, reader)
            if request is not None:
                answer = request if isinstance(request, Answer) else await _answer(request, pages, full)
                head = isinstance(request, h11.Request) and request.method == b"HEAD"
                await _send(connection, writer, answer, head)
                while await reader.read(LARGEST):  # closed with something unread, the answer may be lost
                    pass
    except (TimeoutError, OSError):
        pass  # it is too slow, or gone


async def _request(connection: h11.Connection, reader: StreamReader) -> h11.Request | Answer | None:
    """The request's head; what is said to nonsense; None: the client closed without a word."""
    try:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await reader.read(LARGEST))
    except h11.RemoteProtocolError as error:
        return Answer(error.error_status_hint, b"this is no request that is understood here\n")
    return event if isinstance(event, h11.Request) else None


async def _answer(request: h11.Request, pages: Pages, full: bool) -> Answer:
    path, _, query = request.target.partition(b"?")
    page = pages.by_path.get(path)
    is_probe, is_known = page is not None and page.is_probe, pages.door.knows(request.headers)
    if not pages.door.is_asked_here(request.headers, is_probe):
        return ELSEWHERE
    if not is_known and not (is_probe and pages.door.open_probes):
        return UNKNOWN
    if page is None:
        return pages.not_here
    if request.method not in METHODS:
        return NOT_SO
    if full and not is_probe:
        return TOO_MANY
    try:
        return await page.tell(Asked(query, is_known))
    except Exception:
        log_failure(logger, f"{page.name} could not be told")
        said = f"Tollway failed to tell {page.name}; its log says why\n"
        return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, said.encode())


async def _send(connection: h11.Connection, writer: StreamWriter, answer: Answer, head: bool) -> None:
    """`head`: without its body, whose length it says."""
    headers = [
        ("Content-Type", answer.kind), ("Content-Length", str(len(answer.body))), ("Connection", "close"),
        *answer.more,
    ]  # fmt: skip
    events = (
        h11.Response(status_code=answer.status, headers=headers, reason=HTTPStatus(answer.status).phrase),
        *([] if head else [h11.Data(data=answer.body)]),
        h11.EndOfMessage(),
    )
    for event in events:
        writer.write(connection.send(event) or b"")
    await writer.drain()
    writer.write_eof()
