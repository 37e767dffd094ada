"""What a client's connection is busy with: calls, or what is passed on undecrypted."""

import logging
from collections.abc import MutableMapping
from typing import Any, Protocol

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import layers

from tollway.engine.attending import Attending
from tollway.engine.client_bounds import ClientBounds
from tollway.engine.http_layer import contexts_of, flows_of
from tollway.engine.tunnel import Tunnel

logger = logging.getLogger(__name__)


class Handler(Protocol):
    """What a connection's handler tells of it."""

    client: Client
    transports: MutableMapping[Any, Any]
    attending: Attending
    bounds: ClientBounds


def calls_of(handler: Handler) -> list[HTTPFlow]:
    """What is answered on a connection, or read."""
    return [flow for flow in flows_of(handler.client) if flow.request.method != "CONNECT"]


def has_call(handler: Handler) -> bool:
    """Whether a request is answered on a connection, or read."""
    return bool(calls_of(handler))


def is_tunnel(handler: Handler) -> bool:
    """Whether a connection is passed on undecrypted, or will be."""
    return any(isinstance(layer, layers.TCPLayer) for layer in _layers(handler))


def has_half_a_hello(handler: Handler) -> bool:
    """Whether a tunnel waits for the rest of one."""
    return any(isinstance(layer, Tunnel) and layer.has_half_a_hello() for layer in _layers(handler))


def end_an_endless_head(handler: Handler) -> None:
    """Close a connection that sends a head or a hello without end. A body, or what is passed on, is none."""
    if has_call(handler) or (is_tunnel(handler) and not has_half_a_hello(handler)):
        handler.attending.count = 0
    else:
        logger.info(
            "a client's connection is closed: a head of more than %d bytes (head)", handler.bounds.head
        )
        close(handler)


def close(handler: Handler) -> None:
    """Close a client's connection; those to providers end with it."""
    transport = handler.transports.get(handler.client)
    if transport is not None and transport.handler is not None:
        transport.handler.cancel("it is closed from here")


def _layers(handler: Handler) -> list[Any]:
    top = getattr(handler, "layer", None)  # it has none once it has ended
    contexts = [*([] if top is None else [top.context]), *contexts_of(handler.client)]
    return [layer for context in contexts for layer in context.layers]
