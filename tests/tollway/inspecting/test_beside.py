"""`tollway.inspecting.beside`: what stands beside the chain."""

from mitmproxy import contentviews
from mitmproxy.flow import Flow
from mitmproxy.test import taddons, tflow

from tests.tollway.inspecting.flows import claude
from tollway.inspecting.beside import beside
from tollway.providers.load import load


class Screen:
    """Whoever draws flows."""

    def __init__(self) -> None:
        self.drawn: list[Flow] = []

    def update(self, flows: list[Flow]) -> None:
        """mitmproxy's hook."""
        self.drawn += flows


def test_mitmproxy_hears_of_each_change() -> None:
    """And draws the flow anew."""
    screen, found = Screen(), beside()
    flow, _ = claude()

    with taddons.context(screen):
        found.showing.request(flow)

    assert screen.drawn == [flow]
    assert found.addons == (found.showing, found.keeping)


def test_a_view_that_is_open_is_made_anew() -> None:
    """mitmproxy remembers what it made of a body; what the call cost comes after that."""
    found = beside()
    found.register_view(load(()))
    flow, _ = claude()
    changed: list[str] = []

    def hear(view: contentviews.Contentview) -> None:
        changed.append(view.name)

    contentviews.registry.on_change.connect(hear)
    with taddons.context():
        found.showing.request(flow)

    assert changed == ["Conversation"]


def test_the_view_is_among_mitmproxys() -> None:
    """The first choice for a call, and for nothing else."""
    found = beside(lambda flow: None)
    flow, _ = claude()
    found.register_view(load(()))
    other = tflow.tflow()

    with taddons.context():
        assert contentviews.prettify_message(flow.request, flow).view_name == "Conversation"
        assert contentviews.prettify_message(other.request, other).view_name != "Conversation"
