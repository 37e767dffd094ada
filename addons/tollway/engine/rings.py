"""Letting go of layers that have ended, at once.

mitmproxy's layers refer to each other, to themselves and to their contexts, and h2's connections to
themselves: only the garbage collector frees them, with their TLS and their buffers. Those that lived long
wait for a full collection, which stalls all calls and so is rare (see `master.freeze`).
"""

from typing import Any

from h2.connection import H2Connection
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context


def let_go_of_all(top: layer.Layer) -> None:
    """Of a client's connection that has ended: all layers that were ever on it."""
    left: list[Any] = [top]
    while left:
        part = left.pop()
        if isinstance(part, layer.Layer | Context | H2Connection):
            left += vars(part).values()
            vars(part).clear()
        elif isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            left += part.values()


def let_go_of_stack(top: Any) -> None:
    """Of a provider's connection that has ended: its layers, from this one down; others live on."""
    stack = [top]
    while below := getattr(stack[-1], "child_layer", None):
        stack.append(below)
    if isinstance(connection := getattr(stack[-1], "h2_conn", None), H2Connection):
        vars(connection).clear()
    for part in stack:
        part.context.layers.clear()
        vars(part).clear()
