"""Draws flows: mitmproxy does so after each hook, and Tollway's engine runs the hooks itself."""

from mitmproxy.flow import Flow
from mitmproxy.hooks import UpdateHook
from mitmproxy.master import Master


class Redraw:
    """Last of all: the screen shows each flow as it is now."""

    def __init__(self, master: Master) -> None:
        self._master = master

    def requestheaders(self, flow: Flow) -> None:
        self._draw(flow)

    request = responseheaders = response = error = http_connect = requestheaders

    def _draw(self, flow: Flow) -> None:
        self._master.addons.trigger(UpdateHook([flow]))
