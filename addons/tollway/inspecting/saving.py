"""mitmproxy's addons that write flows to files, told of calls alone."""

from collections.abc import Callable
from functools import partial

from mitmproxy.http import HTTPFlow


class Saving:
    """What writes flows to files, without tunnels, of whose end the engine tells as of a flow's."""

    def __init__(self, addon: object) -> None:
        for event in ("request", "response", "error"):
            if callable(function := getattr(addon, event, None)):
                setattr(self, event, partial(self._pass_on, function))

    @staticmethod
    def _pass_on(function: Callable[[HTTPFlow], None], flow: HTTPFlow) -> None:
        if flow.request.method != "CONNECT":
            function(flow)
