"""`tollway.inspecting.live`: a step among mitmproxy's addons."""

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tests.tollway.inspecting.flows import claude
from tollway.inspecting.live import Live


class Step:
    """Counts what it sees."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def request(self, flow: HTTPFlow) -> None:
        """mitmproxy's hook."""
        self.seen.append(flow)

    def client_connected(self, client: Client) -> None:
        """mitmproxy's hook."""
        self.seen.append(client)

    async def response(self, flow: HTTPFlow) -> None:
        """mitmproxy's hook."""
        self.seen.append(flow)


async def test_a_step_sees_flows_that_live_and_all_connections() -> None:
    """What it awaits is awaited; hooks that it has not, the addon has not."""
    step, flow = Step(), tflow.tflow()
    client = flow.client_conn
    live = Live(step)

    live.request(flow)  # type: ignore[attr-defined]
    live.client_connected(client)  # type: ignore[attr-defined]
    await live.response(flow)  # type: ignore[attr-defined]

    assert step.seen == [flow, client, flow]
    assert live.name == "tollway.step"
    assert not hasattr(live, "error")


def test_a_flow_of_a_file_is_passed_over() -> None:
    """It never lived here."""
    step, flow = Step(), tflow.tflow()
    flow.live = False

    Live(step).request(flow)  # type: ignore[attr-defined]

    assert step.seen == []


def test_a_flow_that_its_user_killed_is_seen_to_its_end() -> None:
    """What it holds is to be settled."""
    step = Step()
    flow, _ = claude()
    flow.live = False

    Live(step).request(flow)  # type: ignore[attr-defined]

    assert step.seen == [flow]
