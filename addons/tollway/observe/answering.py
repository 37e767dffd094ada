"""One connection to the listener for metrics: one small request, one answer, and an end."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import h11
from msgspec import Struct

from tollway.engine.failure import log_failure
from tollway.observe.exposition import CONTENT_TYPE
from tollway.observe.loopback import is_for_this_machine

logger = logging.getLogger(__name__)

LARGEST = 16 * 1024
"""Bytes of a request, up to which it is read."""
SECONDS = 10.0
"""From the connection's begin to its end, however slowly its client writes and reads."""
PATH = b"/metrics"
METHODS = (b"GET", b"HEAD")
PLAIN = "text/plain; charset=utf-8"

Text = Callable[[], Awaitable[bytes]]


class Answer(Struct, frozen=True):
    """What is said, and then the connection ends."""

    status: int
    body: bytes
    kind: str = PLAIN
    more: tuple[tuple[str, str], ...] = ()
    """Headers."""


ELSEWHERE = Answer(HTTPStatus.FORBIDDEN, b"ask by an address of this machine, or by localhost\n")
NOT_HERE = Answer(HTTPStatus.NOT_FOUND, b"the metrics are at /metrics\n")
NOT_SO = Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"ask with GET\n", more=(("Allow", "GET, HEAD"),))
FAILED = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"Tollway failed to tell its metrics; its log says why\n")
TOO_MANY = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE, b"too many ask at once; try again in a moment\n",
    more=(("Retry-After", "1"),),
)  # fmt: skip


async def served(
    reader: StreamReader, writer: StreamWriter, text: Text, full: bool, seconds: float = SECONDS
) -> None:
    """Answer one request; its caller closes then. `text`: the metrics; `full`: too many ask for them."""
    writer.transport.set_write_buffer_limits(0)  # `drain` then waits until all is written
    try:
        async with asyncio.timeout(seconds):
            connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST)
            request = await _request(connection, reader)
            if request is not None:
                answer = request if isinstance(request, Answer) else await _answer(request, text, full)
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
        return Answer(error.error_status_hint, b"this is no request for metrics\n")
    return event if isinstance(event, h11.Request) else None


async def _answer(request: h11.Request, text: Text, full: bool) -> Answer:
    host = next((value for name, value in request.headers if name == b"host"), b"")
    if not is_for_this_machine(host.decode("latin-1")):
        return ELSEWHERE
    if request.target.partition(b"?")[0] != PATH:
        return NOT_HERE
    if request.method not in METHODS:
        return NOT_SO
    if full:
        return TOO_MANY
    try:
        return Answer(HTTPStatus.OK, await text(), CONTENT_TYPE)
    except Exception:
        log_failure(logger, "the metrics could not be told")
        return FAILED


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
