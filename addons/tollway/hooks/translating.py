"""The answer of a translated call, on its way to a client of another dialect than its provider's."""

from collections.abc import Callable

from mitmproxy.http import Response

from tollway.exchange import Exchange
from tollway.hooks.headers import plain
from tollway.hooks.whole_answer import put_whole
from tollway.translation.back import translator
from tollway.translation.errors import BAD_GATEWAY, is_error
from tollway.translation.stream import ChatStream
from tollway.translation.way_back import WayBack
from tollway.wire.coding import Decoder

JSON, STREAM = "application/json", "text/event-stream; charset=utf-8"
REASONING_EXTRA = "reasoning_extra"


def translating(
    known: Exchange, response: Response, read: Callable[[bytes], None], decoding: Decoder | None
) -> Callable[[bytes], bytes]:
    """The tap: `read` gets what the provider says, the client what that is in its own dialect.

    An answer in one piece comes with the last call; of a stream each event does at once. A stream that can't
    be decoded ends the flow: nobody takes it for whole.
    """
    assert known.asked is not None
    headers = plain(response.headers)
    made = translator(way_back(known), response.status_code, headers, known.asked.stream)
    is_stream = isinstance(made, ChatStream)
    response.headers["content-type"] = STREAM if is_stream else JSON
    response.headers.pop("content-encoding", None)

    def tap(chunk: bytes) -> bytes:
        known.response_bytes += len(chunk)
        decoded = decoding.feed(chunk) if decoding is not None else chunk
        read(decoded)
        if is_stream and decoding is not None and (decoding.broken or decoding.exceeded):
            raise ValueError("the answer is not coded as it says, or a decompression bomb")
        return made.feed(decoded) if chunk else made.feed(decoded) + made.flush()

    return tap


def way_back(known: Exchange) -> WayBack:
    """What the translation of the answer has to know of the call."""
    assert known.translated is not None
    model = known.asked.model if known.asked is not None else None
    return WayBack(
        id=known.id,
        model=model or "",
        tools=known.translated,
        reasoning_extra=REASONING_EXTRA in known.endpoint.habits,
    )


def unframed(response: Response) -> None:
    """A streamed answer whose length is not what the provider said."""
    if response.headers.pop("content-length", None) is not None and not response.is_http2:
        response.headers["transfer-encoding"] = "chunked"


def put_translated(response: Response, body: bytes) -> None:
    """In the place of the provider's answer. What failed within a 200 gets the status of a failure."""
    if response.status_code < 400 and is_error(body):
        response.status_code, response.reason = BAD_GATEWAY, "Bad Gateway"
    put_whole(response, body)
