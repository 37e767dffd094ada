"""`tollway.inspecting.attached`: the chain in mitmproxy's own engine."""

import ssl
from pathlib import Path

import httpx

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.inspecting.mitm import mitm
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
