"""Forged tokens, over real sockets: nobody is let in, the log says why, and the caller does not hear it."""

import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client import Refused
from tests.simulator.client_http2 import Answer
from tests.simulator.client_response import Response
from tests.tollway.calls import CHAT
from tests.tollway.forgeries import FORGERIES, Issuers, good
from tests.tollway.road import Road, road
from tests.tollway.showing import HEADER, basic, line, plain, policy, shows, two_issuers

TUNNEL = (
    "Tollway did not accept the token or key that says who calls: get a new one, or ask who runs this proxy\n"
)


@pytest.fixture
def issuers() -> Iterator[Issuers]:
    """Two identity providers."""
    with two_issuers() as both:
        yield both


async def at_connect(road: Road, token: str) -> Response:
    """It is shown when the tunnel is asked for."""
    for value in (basic(token), f"Bearer {token}"):
        with pytest.raises(Refused) as refused:
            await road.raw(shows=(("Proxy-Authorization", value),))
    return refused.value.response


async def in_tunnel(road: Road, token: str) -> Response:
    """It is shown in a header of the call."""
    async with await road.raw() as raw:
        await raw.send(CHAT.http1(f"{HEADER}: {token}"))
        return await raw.response()


async def in_http2(road: Road, token: str) -> Answer:
    """The same over HTTP/2."""
    client = await road.raw2()
    async with client.raw:
        stream = await client.request(CHAT.host, CHAT.path, [(HEADER.lower(), token)], CHAT.content)
        answer = await client.answer(stream)
        return answer


async def without_tls(road: Road, token: str) -> Response:
    """A call that is proxied as it is, with no tunnel."""
    async with await road.plain() as raw:
        await raw.send(plain(CHAT, line(token)))
        return await raw.response()


WAYS: dict[str, Callable[[Road, str], Awaitable[Answer | Response]]] = {
    "tunnel": in_tunnel,
    "HTTP/2": in_http2,
    "plain": without_tls,
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_lets_nobody_in(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    make, why = FORGERIES[name]
    token = make(issuers)
    with caplog.at_level(logging.WARNING):
        async with road(tmp_path, sim, policy=policy(issuers, "anonymous: allow\n")) as proxy:
            refused = await at_connect(proxy, token)
            assert (refused.status, refused.body.decode()) == (407, TUNNEL)
            said = {way: await call(proxy, token) for way, call in WAYS.items()}
            assert await proxy.rows() == []

    assert {way: answer.status for way, answer in said.items()} == dict.fromkeys(WAYS, 401)
    for answer in said.values():
        assert json.loads(answer.body)["error"]["message"] == TUNNEL.strip()
    assert sim.seen == []
    assert why in caplog.text
    assert token not in caplog.text
    assert not any(len(piece) > 8 and piece in caplog.text for piece in token.split("."))


async def test_a_good_token_is_let_in_everywhere(
    tmp_path: Path, home: Path, sim: Simulator, issuers: Issuers
) -> None:
    """(Or the test above would show nothing.)"""
    sim.scenario = Scenario()
    token = good(issuers.ours)
    async with road(tmp_path, sim, policy=policy(issuers)) as proxy:
        async with await proxy.raw(shows=shows(token)) as raw:
            await raw.send(CHAT.http1())
            assert (await raw.response()).status == 200
        for call in WAYS.values():
            assert (await call(proxy, token)).status == 200
        rows = await proxy.rows()

    assert [(row.user, row.team, row.role) for row in rows] == [("ann@example.com", "search", "intern")] * 4
