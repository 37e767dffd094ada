"""Step 2, over real sockets: what is shown when a client connects, and how long it counts."""

import json
from collections.abc import Callable

import pytest

from tests.simulator import Scenario
from tests.simulator.client import Refused
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.identified import Roads, basic, forged, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.road import Road
from tollway import clock
from tollway.hooks.identify import Identify

ATTACKS: dict[str, tuple[Callable[[Provider], str], str]] = {
    "forged": (forged, "its signature is not its issuer's"),
    "expired": (lambda p: token(p, exp=int(clock.now()) - 61), "it has expired"),
    "for another": (lambda p: token(p, aud="other"), "it is not for tollway"),
    "another issuer": (
        lambda p: token(p, iss="https://evil.example"),
        "no source of the policy takes tokens",
    ),
    "no issuer": (lambda p: token(p, iss=None), "no source of the policy takes tokens"),
    "unknown key": (lambda p: token(p, key="new"), "it names no key that its issuer signs with"),
    "huge": (lambda p: token(p, x="x" * 20_000), "characters, 16384 at most are read"),
    "huger": (lambda p: token(p, x="x" * 90_000), "characters, 16384 at most are read"),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_token_that_is_not_taken_opens_no_tunnel(
    roads: Roads, provider: Provider, attack: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why, and the caller hears nothing of it."""
    make, why = ATTACKS[attack]
    text = make(provider)
    async with roads(proxy_jwt(provider)) as road:
        with pytest.raises(Refused) as refused:
            await road.raw(shows=(("Proxy-Authorization", basic("jwt", text)),))
        assert await road.rows() == []

    response = refused.value.response
    assert response.status == 407
    assert ("proxy-authenticate", 'Basic realm="Tollway"') in response.headers
    assert response.body.decode().startswith("Tollway did not accept the token or key that says who calls")
    assert why in caplog.text
    assert text not in caplog.text
    assert road.sim.seen == []


async def test_a_407_leaves_the_connection_open_for_the_next_try(roads: Roads, provider: Provider) -> None:
    """Java asks again on the same one."""
    async with roads(proxy_jwt(provider)) as road, await road.plain() as raw:
        target = b"CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n"
        await raw.send(target + b"\r\n")
        first = await raw.response("CONNECT")
        await raw.send(target + f"Proxy-Authorization: {basic('jwt', token(provider))}\r\n\r\n".encode())
        second = await raw.response("CONNECT")

    assert (first.status, second.status) == (407, 200)
    assert b"HTTPS_PROXY=http://jwt:TOKEN@proxy:8080" in first.body


def plain(call: Call, *lines: str) -> bytes:
    """The call without a tunnel, as it is proxied."""
    return call.http1(*lines).replace(b"POST /", f"POST http://{call.host}/".encode(), 1)


async def test_what_was_shown_for_a_tunnel_that_was_not_opened_counts_no_further(
    roads: Roads, provider: Provider
) -> None:
    """The connection goes on, and its next request may be another's."""
    provider.status = 500
    async with roads(proxy_jwt(provider)) as road, await road.plain() as raw:
        target = "CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n"
        shown = f"Proxy-Authorization: {basic('jwt', token(provider))}"
        await raw.send(f"{target}{shown}\r\n\r\n".encode())
        assert (await raw.response("CONNECT")).status == 503
        provider.status = 200
        bob = basic("jwt", token(provider, email="bob@example.com"))
        await raw.send(plain(CHAT, f"Proxy-Authorization: {bob}"), plain(CHAT))
        assert [(await raw.response()).status for _ in range(2)] == [200, 401]
        (row,) = await road.rows()

    assert row.user == "bob@example.com"


async def test_a_token_that_is_not_taken_ends_its_connection(roads: Roads, provider: Provider) -> None:
    """Node's `https` would not end before; and the first line says what many clients show alone."""
    async with roads(proxy_jwt(provider)) as road, await road.plain() as raw:
        line = f"Proxy-Authorization: {basic('jwt', forged(provider))}\r\n"
        await raw.send(f"CONNECT api.openai.com:443 HTTP/1.1\r\nHost: x\r\n{line}\r\n".encode())
        await raw.receive_until(lambda data: False)

    assert raw.ended == "eof"
    (first, *_) = raw.received.decode().splitlines()
    words = "Tollway did not accept the token or key that says who calls"
    assert first == f"HTTP/1.1 407 Proxy Authentication Required: {words}"


async def test_what_is_shown_once_more_within_the_tunnel_goes_no_further(
    roads: Roads, provider: Provider
) -> None:
    async with roads(proxy_jwt(provider)) as road, road.client(token=token(provider)) as client:
        headers = {"proxy-authorization": f"Bearer {token(provider)}"}
        answer = await client.post(CHAT.url, json=CHAT.body, headers=headers)

    assert answer.status_code == 200
    assert "proxy-authorization" not in dict(road.sim.seen[0].headers)


async def test_nobody_is_asked_who_is_tunnelled_elsewhere(roads: Roads, provider: Provider) -> None:
    """Nor does a host that is no provider's get what was shown to us."""
    async with roads(proxy_jwt(provider), hosts=("other.example",)) as road:
        async with road.client(tunnel=True) as client:
            answer = await client.get("https://other.example/")
        async with await road.plain() as raw:
            line = f"Proxy-Authorization: {basic('jwt', token(provider))}\r\n"
            await raw.send(
                f"GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n{line}\r\n".encode()
            )
            await raw.response()

    assert answer.status_code in (200, 404)
    assert all("proxy-authorization" not in dict(seen.headers) for seen in road.sim.seen)
    assert len(road.sim.seen) == 2


def let_time_pass(road: Road, seconds: float) -> None:
    """Have all that was shown to the proxy so far be so much older."""
    callers, now = road.step(Identify)._callers, clock.now()
    callers._now = lambda: now + seconds


async def test_a_token_that_expires_on_an_open_connection_ends_it(roads: Roads, provider: Provider) -> None:
    """So that the next CONNECT shows a new one: SDKs try again by themselves."""
    shows = (("Proxy-Authorization", basic("jwt", token(provider))),)
    async with roads(proxy_jwt(provider)) as road, await road.raw("api.anthropic.com", shows=shows) as raw:
        await raw.send(CLAUDE.http1())
        first = await raw.response()
        let_time_pass(road, 10_000)
        await raw.send(CLAUDE.http1())
        second = await raw.response()
        assert await raw.receive() == b""

    assert (first.status, second.status) == (200, 401)
    assert json.loads(second.body)["type"] == "error"
    assert {("connection", "close"), ("x-should-retry", "true")} <= set(second.headers)


async def test_a_call_that_was_admitted_ends_as_if_its_token_had_not_expired(
    roads: Roads, provider: Provider
) -> None:
    """Over HTTP/2: others are refused meanwhile, and the connection ends with it."""
    shows, call = (("Proxy-Authorization", basic("jwt", token(provider))),), CLAUDE.streamed()
    sent = (call.host, call.path, [("content-type", "application/json")], call.content)
    async with (
        roads(proxy_jwt(provider)) as road,
        await road.raw(call.host, alpn=("h2",), shows=shows) as raw,
    ):
        road.sim.scenario, client = Scenario(gate="late"), await Http2Client.on(raw)
        admitted = await client.request(*sent)
        await road.sim.wait_for(lambda seen: True)
        let_time_pass(road, 10_000)
        refused = [await client.answer(await client.request(*sent)) for _ in range(2)]
        road.sim.open("late")
        answer = await client.answer(admitted)
        while await client.pump():
            pass  # until we end the connection
        (row,) = await road.rows()

    assert [answer.status for answer in refused] == [401, 401]
    assert answer.status == 200
    assert b"message_stop" in answer.body
    assert (row.user, row.state, row.error) == ("ann@example.com", "done", None)
    assert client.goaway == 0
