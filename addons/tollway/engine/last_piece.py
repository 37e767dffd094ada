"""Over HTTP/2 the last piece of a body ends its stream, where mitmproxy 12.2 sends an empty frame to do so.

It tells a connection of a body and of its end by events of their own, and so it sends a frame for each, in a
TLS record each. What a stream says in one go is known here before the first of it is sent.
"""

from collections.abc import Generator, Iterable
from typing import Any

from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import (
    DropStream,
    RequestData,
    RequestEndOfMessage,
    ResponseData,
    ResponseEndOfMessage,
    SendHttp,
)

ENDS: dict[type, type] = {RequestData: RequestEndOfMessage, ResponseData: ResponseEndOfMessage}


class LastRequestData(RequestData):
    """The end of the message comes next."""


class LastResponseData(ResponseData):
    """The end of the message comes next."""


LAST: dict[type, type[LastRequestData | LastResponseData]] = {
    RequestData: LastRequestData,
    ResponseData: LastResponseData,
}


def with_last_pieces(said: Iterable[commands.Command]) -> Generator[commands.Command, Any, None]:
    """What a stream says, in its order; a piece of a body that its end follows is told as its last.

    (mitmproxy drops a stream just before it tells the end of its answer.)
    """
    held: list[Any] = []
    for command in said:
        if held and not isinstance(command, DropStream):
            if _ends(command, held[0]):
                held[0] = _last(held[0])
            yield from held
            held = []
        if held or (isinstance(command, SendHttp) and type(command.event) in LAST):
            held.append(command)
        else:
            yield command
    yield from held


def _ends(command: commands.Command, piece: SendHttp) -> bool:
    return (
        isinstance(command, SendHttp)
        and command.connection is piece.connection
        and type(command.event) is ENDS[type(piece.event)]
    )


def _last(piece: SendHttp) -> SendHttp:
    data: Any = piece.event
    return SendHttp(LAST[type(data)](data.stream_id, data.data), piece.connection)
