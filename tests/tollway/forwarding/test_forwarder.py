"""A program behind a forwarder, and a Tollway that knows callers by their tokens: the whole road."""

import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from tests.simulator import Simulator
from tests.simulator.client import Refused
from tests.tollway.calls import CHAT
from tests.tollway.forwarding.port import always, forwarding
from tests.tollway.identified import Roads, basic, forged, header_jwt, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.proxies import answer, saying
from tollway import clock
from tollway.hooks.identify import Identify
from tollway.token_command.command import NoToken


class Tokens:
    """A command: each run prints the next of these, the last again and again; an error is raised."""

    def __init__(self, *what: str | NoToken) -> None:
        self.left = list(what)
        self.runs = 0

    async def __call__(self) -> str:
        """Run it."""
        self.runs += 1
        found = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(found, NoToken):
            raise found
        return found


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_call_through_it_has_the_name_that_the_token_says(
    roads: Roads, provider: Provider, http2: bool
) -> None:
    async with (
        roads(proxy_jwt(provider)) as road,
        forwarding(road.proxy.url, always(token(provider))) as port,
    ):
        async with port.client(road.trust(), http2=http2) as client:
            answers = [await client.post(CHAT.url, json=CHAT.body) for _ in range(3)]
            plain = await client.get("http://tollway.internal/whoami")
        rows = await road.rows()
        await port.empties()

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert [(row.user, row.identity, row.verified) for row in rows] == [
        ("ann@example.com", "proxy_jwt", True)
    ] * 3
    assert plain.json()["user"] == "ann@example.com"
    assert all(seen.header("proxy-authorization") is None for seen in road.sim.seen)


async def test_a_large_body_and_a_stream_pass(roads: Roads, provider: Provider) -> None:
    body = {**CHAT.body, "stream": True, "messages": [{"role": "user", "content": "x" * 3_000_000}]}
    async with (
        roads(proxy_jwt(provider)) as road,
        forwarding(road.proxy.url, always(token(provider))) as port,
    ):
        async with port.client(road.trust()) as client:
            answer = await client.post(CHAT.url, json=body)
        row = await road.call()

    assert answer.text.endswith("data: [DONE]\n\n")
    assert row.user == "ann@example.com"
    assert row.request_bytes > 3_000_000


async def test_the_next_connection_uses_the_new_token(roads: Roads, provider: Provider) -> None:
    """Once the old one has expired; the program notices nothing."""
    now = [clock.now()]
    first = token(provider, exp=int(now[0]) + 100, email="first@example.com")
    tokens = Tokens(first, token(provider, exp=int(now[0]) + 100_000))
    async with roads(proxy_jwt(provider)) as road:
        async with forwarding(road.proxy.url, tokens, now=lambda: now[0]) as port:
            for _ in range(2):
                async with port.client(road.trust()) as client:
                    await client.post(CHAT.url, json=CHAT.body)
                now[0] += 101
        rows = await road.rows()

    assert [row.user for row in rows] == ["first@example.com", "ann@example.com"]
    assert tokens.runs == 2


async def test_a_token_that_is_refused_is_renewed_once_and_the_tunnel_asked_for_again(
    roads: Roads, provider: Provider
) -> None:
    """Withdrawn, say, or a clock that is wrong."""
    tokens = Tokens(forged(provider), token(provider))
    async with roads(proxy_jwt(provider)) as road, forwarding(road.proxy.url, tokens) as port:
        async with port.client(road.trust()) as client:
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        rows = await road.rows()

    assert [row.user for row in rows] == ["ann@example.com"]
    assert tokens.runs == 2


async def test_one_that_is_refused_again_is_a_502_in_the_proxys_words(
    roads: Roads, provider: Provider
) -> None:
    """And no 407: the program has nothing else to show."""
    other = token(provider, aud="other")
    tokens = Tokens(forged(provider), other)
    async with roads(proxy_jwt(provider)) as road, forwarding(road.proxy.url, tokens) as port:
        for _ in range(3):
            with pytest.raises(Refused) as refused:
                await port.tunnel("api.openai.com")

    said = refused.value.response.body.decode()
    assert refused.value.response.status == 502
    assert said.startswith(f"tollway run: 127.0.0.1:{road.proxy.port} did not accept what the token command ")
    assert "Tollway did not accept the token or key that says who calls" in said
    assert other not in said
    assert tokens.runs == 2  # and not for each connection


@pytest.mark.parametrize("body", [b"", b"hello"], ids=["without body", "with body"])
@pytest.mark.parametrize("said", ["who are you?", "<html>", ""], ids=["words", "page", "nothing"])
async def test_a_plain_request_is_asked_again_where_it_still_can_be(body: bytes, said: str) -> None:
    tokens = Tokens("one", "two")
    async with saying(answer(407, said)) as other, forwarding(other.url, tokens) as port:
        async with port.client() as client:
            found = await client.request("POST", "http://a.example/x", content=body)

    shown = [line for head in other.heads for line in head.splitlines() if "Bearer" in line]
    assert shown == [f"Proxy-Authorization: Bearer {each}" for each in (["one"] if body else ["one", "two"])]
    assert found.status_code == 502
    words = ": who are you?" if said.startswith("who") else ""
    assert (
        found.text
        == f"tollway run: 127.0.0.1:{other.port} did not accept what the token command printed{words}\n"
    )


STRANGERS: dict[str, Callable[[tuple[str, str]], tuple[tuple[str, str], ...]]] = {
    "nothing": lambda own: (),
    "bearer": lambda own: ((own[0], "Bearer made-up"),),
    "another password": lambda own: ((own[0], basic("tollway", "made-up")),),
    "another header": lambda own: (("Authorization", own[1]),),
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("method", ["CONNECT", "GET"])
async def test_who_lacks_the_password_gets_nothing(who: str, method: str) -> None:
    """Another user of the machine: not one byte goes to the proxy, and the connection stays open."""
    async with saying(answer(200, "in")) as other, forwarding(other.url, always("made-up")) as port:
        shows = "".join(f"{name}: {value}\r\n" for name, value in STRANGERS[who](port.shows))
        target = "a.example:443" if method == "CONNECT" else "http://a.example/"
        async with await port.plain() as raw:
            for _ in range(2):
                await raw.send(f"{method} {target} HTTP/1.1\r\nHost: a.example\r\n{shows}\r\n".encode())
                found = await raw.response(method)
                assert found.status == 407
                assert ("Proxy-Authenticate", 'Basic realm="tollway run"') in found.headers
                assert b"for one program alone" in found.body
            login = ": ".join(port.shows)
            await raw.send(f"{method} {target} HTTP/1.1\r\nHost: a.example\r\n{login}\r\n\r\n".encode())
            assert (await raw.response(method)).status == 200  # as Java asks: after a 407, on the same one

    assert len(other.heads) == 1


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 300_000]
)
async def test_what_is_no_request_of_a_client_gets_nothing(sent: bytes) -> None:
    async with saying(b"") as other, forwarding(other.url, always("made-up")) as port:
        async with await port.plain() as raw:
            await raw.send(sent)
            raw.half_close()
            got = await raw.receive_until(lambda _: False)
        await port.empties()

    assert got.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431", b"HTTP/1.1 407")) or got == b""
    assert other.heads == []


async def test_one_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollway.forwarding.forwarder.HEAD_SECONDS", 0.0)
    async with saying(b"") as other, forwarding(other.url, always("made-up")) as port:
        async with await port.plain() as raw:
            assert await raw.receive() == b""


async def test_a_command_that_fails_is_said_in_plain_words() -> None:
    """Where there is no token any more."""
    tokens = Tokens(NoToken("the token command ended with status 1: log in again"))
    async with saying(b"") as other, forwarding(other.url, tokens) as port, port.client() as client:
        found = await client.get("http://a.example/")

    assert (found.status_code, found.headers["content-type"]) == (502, "text/plain; charset=utf-8")
    assert found.text == "tollway run: the token command ended with status 1: log in again\n"
    assert other.heads == []


async def test_a_proxy_that_is_down_is_said_in_plain_words() -> None:
    async with saying(b"") as other:
        pass
    async with forwarding(other.url, always("made-up")) as port, port.client() as client:
        found = await client.get("http://a.example/")

    assert found.status_code == 502
    assert found.text == f"tollway run: 127.0.0.1:{other.port} can't be reached: Connection refused\n"


async def test_a_proxy_that_takes_no_connection_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollway.forwarding.forwarder.CONNECT_SECONDS", 0.0)
    async with saying(b"") as other, forwarding(other.url, always("made-up")) as port:
        async with port.client() as client:
            found = await client.get("http://a.example/")

    assert found.text == f"tollway run: 127.0.0.1:{other.port} did not take the connection\n"


async def test_a_proxy_that_dies_ends_its_tunnels(roads: Roads, provider: Provider) -> None:
    async with AsyncExitStack() as stack:
        async with roads(proxy_jwt(provider)) as road:
            made = forwarding(road.proxy.url, always(token(provider)))
            port = await stack.enter_async_context(made)
            raw = await port.tunnel("api.openai.com")
        async with raw:
            assert await raw.receive() == b""
        await port.empties()
        with pytest.raises(Refused) as refused:
            await port.tunnel("api.openai.com")

    assert refused.value.response.status == 502


async def test_a_proxy_may_be_reached_over_tls(sim: Simulator) -> None:
    """Its certificate is checked before a token is shown to it."""
    url = f"https://{sim.address}:{sim.port}"
    trusted, other = ssl.create_default_context(cafile=str(sim.root_ca)), ssl.create_default_context()
    found = []
    for trust in (trusted, other):
        async with forwarding(url, always("made-up"), trust=trust) as port, port.client() as client:
            found.append(await client.get("http://a.example/x"))

    assert found[0].status_code == 404  # the simulator is no proxy, and says so
    assert [seen.header("proxy-authorization") for seen in sim.seen] == ["Bearer made-up"]
    assert found[1].status_code == 502
    assert "can't be reached: " in found[1].text


async def test_whoever_asks_by_a_header_is_somebody_else(roads: Roads, provider: Provider) -> None:
    """The forwarder shows its token to the proxy, and nowhere else."""
    policy = header_jwt(provider, more="anonymous: allow\n")
    async with roads(policy) as road, forwarding(road.proxy.url, always(token(provider))) as port:
        async with port.client(road.trust()) as client:
            await client.post(CHAT.url, json=CHAT.body)
        (row,) = await road.rows()

    assert row.user is None


@pytest.mark.parametrize("maker", ["openai", "anthropic"])
async def test_an_sdk_whose_connection_outlives_its_token_notices_nothing(
    roads: Roads, provider: Provider, maker: str
) -> None:
    """The proxy's 401 says that to try again helps, and ends the connection: the next has a new token."""
    now = [clock.now()]
    tokens = Tokens(
        token(provider, exp=int(now[0]) + 100, email="first@example.com"),
        token(provider, exp=int(now[0]) + 100_000),
    )
    talk: list[Any] = [{"role": "user", "content": "say hi"}]
    async with roads(proxy_jwt(provider)) as road:
        road.step(Identify)._callers._now = lambda: now[0]
        async with forwarding(road.proxy.url, tokens, now=lambda: now[0]) as port, AsyncExitStack() as end:
            own: Any = {"proxy": port.url, "verify": road.trust()}
            openai = AsyncOpenAI(api_key="made-up", http_client=httpx2.AsyncClient(**own))
            anthropic = AsyncAnthropic(api_key="made-up", http_client=httpx2.AsyncClient(**own))
            for sdk in (openai, anthropic):
                end.push_async_callback(sdk.close)
            for _ in range(2):
                if maker == "openai":
                    await openai.chat.completions.create(model="gpt-4o", messages=talk)
                else:
                    await anthropic.messages.create(model="claude-haiku-4-5", max_tokens=9, messages=talk)
                now[0] += 10_000
        rows = await road.rows()

    assert [row.user for row in rows] == ["first@example.com", "ann@example.com"]
    assert len(road.sim.connections) == 2
