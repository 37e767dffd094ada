"""`tollway.inspecting.attached`: the chain in mitmproxy's own engine."""

import ssl
from pathlib import Path

import httpx
from mitmproxy.proxy import events, layer, layers
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import modes
from mitmproxy.test import taddons, tflow

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.inspecting.mitm import mitm
from tollway.inspecting.attached import Tunnels
from tollway.inspecting.placed import Placed


async def test_hosts_of_no_provider_are_not_decrypted(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """A client that trusts only the server's own certificate reaches it; a provider it does not."""
    trust = ssl.create_default_context(cafile=str(sim.root_ca))
    async with mitm(tmp_path, sim, Placed()) as found:
        proxy = f"http://127.0.0.1:{found.port}"
        async with httpx.AsyncClient(proxy=proxy, verify=trust, timeout=120) as client:
            answer = await client.get("https://example.com/")
            refused = None
            try:
                await client.post(CHAT.url, json=CHAT.body)
            except httpx.ConnectError as error:
                refused = str(error)
        flows = found.flows

    assert answer.status_code
    assert refused is not None
    assert "CERTIFICATE_VERIFY_FAILED" in refused
    assert flows == []


async def test_a_stream_is_kept_and_said(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """As under Tollway's engine."""
    async with mitm(tmp_path, sim, Placed()) as found:
        answer = await found.client.post(CHAT.url, json=CHAT.streamed().body)
        (flow,) = found.flows

    assert flow.response is not None
    assert flow.response.content == answer.content
    assert flow.comment.endswith(" · passed")


HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
"""The beginning of a client's hello."""


def asked(address: tuple[str, int], data: bytes, chosen: layer.Layer | None = None) -> layer.NextLayer:
    """The question what a connection is, once `Tunnels` has been asked."""
    with taddons.context() as given:
        context = Context(tflow.tclient_conn(), given.options)
        context.server.address = address
        modes.TransparentProxy(context)
        question = layer.NextLayer(context)
        question.events = [events.DataReceived(context.client, data)] if data else []
        question.layer = chosen
        Tunnels(lambda host, port: host == "api.openai.com").next_layer(question)
        return question


def test_what_goes_to_no_provider_is_a_tunnel_from_its_first_byte_on() -> None:
    """Before, where the destination has a name; a provider's connection is mitmproxy's choice."""
    tunnel = asked(("example.com", 443), b"").layer

    assert isinstance(tunnel, layers.TCPLayer)
    assert tunnel.flow is None  # it is shown to nobody
    assert asked(("api.openai.com", 443), HELLO).layer is None


def test_an_address_without_a_name_waits_for_the_hello() -> None:
    """All of it."""
    assert asked(("203.0.113.1", 443), HELLO).layer is None


def test_a_choice_that_was_made_stays() -> None:
    """By an addon that stands before."""
    with taddons.context() as given:
        chosen = layers.TCPLayer(Context(tflow.tclient_conn(), given.options))

    assert asked(("example.com", 443), b"", chosen).layer is chosen
