"""A flow of a mitmproxy file as an exchange, whichever mitmproxy wrote it."""

import re
from collections.abc import Iterator
from io import BytesIO

from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader
from mitmproxy.websocket import WebSocketData

from tollway.hooks.headers import plain
from tollway.recorded.exchange import LATEST_US, Damaged, Entry, Message, Other, Recorded

UNREADABLE = "is no flow that this mitmproxy reads"
_TOO_NEW = re.compile(r"cannot read files with flow format version \d+")


def read(text: bytes) -> Entry:
    """What a flow says, or what is wrong with it."""
    try:
        flow = next(iter(FlowReader(BytesIO(text)).stream()))
        return _recorded(flow) if isinstance(flow, HTTPFlow) else _other(flow)
    except Exception as error:  # any: it is mitmproxy's code, fed with anything
        # Its messages quote the flow, but for the one about versions.
        too_new = _TOO_NEW.search(str(error))
        return Damaged(reason=f"this mitmproxy {too_new[0]}" if too_new else UNREADABLE)


def _recorded(flow: HTTPFlow) -> Recorded:
    request, response = flow.request, flow.response
    started_us = int(request.timestamp_start * 1_000_000)
    if not 0 <= started_us < LATEST_US:
        raise ValueError("no time")
    asked, answered = request.raw_content, response.raw_content if response else None
    return Recorded(
        method=request.method,
        url=request.url if request.method != "CONNECT" else f"https://{request.host}:{request.port}/",
        names=tuple(_names(flow)),
        started_us=started_us,
        request_headers=plain(request.headers),
        request_body=asked,
        request_bytes=len(asked or b""),
        status=response.status_code if response else None,
        response_headers=plain(response.headers) if response else {},
        response_body=answered,
        response_bytes=len(answered or b""),
        left=response is not None or _was_sent(flow),
        cut=flow.error is not None,
        websocket=flow.websocket is not None,
        messages=None if flow.websocket is None else tuple(_messages(flow.websocket)),
    )


def _messages(socket: WebSocketData) -> Iterator[Message]:
    """Those that a provider sent or got: of the client's not those that somebody dropped on the way."""
    for one in socket.messages:
        if not (one.dropped and one.from_client) and not (one.injected and not one.from_client):
            yield Message(
                from_client=one.from_client, content=one.content, at_us=int(one.timestamp * 1_000_000)
            )


def _names(flow: HTTPFlow) -> Iterator[str]:
    """What the client called the server: in the handshake, and in the request."""
    if flow.client_conn.sni:
        yield flow.client_conn.sni
    yield flow.request.host
    yield flow.request.pretty_host


def _was_sent(flow: HTTPFlow) -> bool:
    """Whether the request was whole, and a connection stood to write it to."""
    server = flow.server_conn
    shaken = server.timestamp_tls_setup if flow.request.scheme == "https" else server.timestamp_tcp_setup
    return flow.request.timestamp_end is not None and shaken is not None


def _other(flow: Flow) -> Other:
    address = flow.server_conn.address
    kind = str(flow.type)
    return Other(reason=kind, url=f"{kind}://{address[0]}:{address[1]}" if address else f"{kind}:")
