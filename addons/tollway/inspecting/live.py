"""A step of the chain among mitmproxy's own addons, which also see flows that are read from a file."""

from collections.abc import Callable
from typing import Any

from mitmproxy.flow import Flow

from tollway import exchange

EVENTS = (
    "client_connected", "client_disconnected", "http_connect", "requestheaders", "request", "responseheaders",
    "response", "error",
)  # fmt: skip
"""What mitmproxy's engine tells a step: `http_failover` is of our own."""


class Live:
    """The step, for flows that pass; those that are shown again are no calls, and cost nothing."""

    def __init__(self, step: object) -> None:
        self.name = f"tollway.{type(step).__name__.lower()}"
        for event in EVENTS:
            if callable(function := getattr(step, event, None)):
                setattr(self, event, _live(function))


def _live(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, without flows that were never alive: one that a user kills is dead before it ends."""

    def hook(data: Any) -> Any:
        if isinstance(data, Flow) and not data.live and exchange.of(data) is None:
            return None
        return function(data)

    return hook
