"""A command that names the layer which takes a connection's events from now on."""

from mitmproxy.proxy import commands

from tests.simulator import Scenario
from tests.tollway.calls import CHAT
from tests.tollway.leftovers import connections
from tests.tollway.road import Road
from tollway.engine.shortcut import Shortcut
from tollway.engine.tls_layer import ClientTLSLayer


def test_it_is_a_command_that_nothing_waits_for() -> None:
    """Layers hold back events behind a blocking one."""
    layer = object()
    command = Shortcut(layer)  # type: ignore[arg-type]

    assert isinstance(command, commands.Command)
    assert not command.blocking
    assert command.layer is layer


async def test_behind_a_tunnel_events_go_past_the_layers_that_opened_it(road: Road) -> None:
    """The connection's events go to the TLS layer (behind the one that chose it); the answer is the same."""
    road.sim.scenario = Scenario()
    async with road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
        tops = [type(getattr(handler.layer, "layer", None)) for handler in connections()]

    assert answer.status_code == 200
    assert tops == [ClientTLSLayer]
