"""`tollway.inspecting.redraw`: the screen shows flows as they are."""

import pytest
from mitmproxy.flow import Flow
from mitmproxy.test import taddons, tflow

from tollway.inspecting.redraw import Redraw


class Screen:
    """Whoever draws flows."""

    def __init__(self) -> None:
        self.drawn: list[Flow] = []

    def update(self, flows: list[Flow]) -> None:
        """mitmproxy's hook."""
        self.drawn += flows


@pytest.mark.parametrize("event", ["requestheaders", "request", "responseheaders", "response", "error"])
def test_each_event_has_the_flow_drawn(event: str) -> None:
    screen, flow = Screen(), tflow.tflow()

    with taddons.context(screen) as context:
        getattr(Redraw(context.master), event)(flow)

    assert screen.drawn == [flow]
