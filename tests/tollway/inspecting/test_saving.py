"""`tollway.inspecting.saving`: flows that are written to files."""

from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tollway.inspecting.saving import Saving


class Saver:
    """Keeps what it is told of."""

    def __init__(self) -> None:
        self.saved: list[HTTPFlow] = []

    def response(self, flow: HTTPFlow) -> None:
        """mitmproxy's hook."""
        self.saved.append(flow)


def test_calls_are_saved_and_tunnels_are_not() -> None:
    """Hooks that the addon has not, are not there."""
    saver, call, tunnel = Saver(), tflow.tflow(resp=True), tflow.tflow(resp=True)
    tunnel.request.method = "CONNECT"
    saving = Saving(saver)

    saving.response(call)  # type: ignore[attr-defined]
    saving.response(tunnel)  # type: ignore[attr-defined]

    assert saver.saved == [call]
    assert not hasattr(saving, "error")
