"""What passes to AI services that Tollway does not read: counted by who goes there, or refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient, Refused
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_next_layer import ADDRESS, proxied, serving, tunnel
from tests.tollway.hellos import hello, records
from tests.tollway.identified import basic, forged, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway.discovery.sighting import Sighting
from tollway.hooks.discover import Discover
from tollway.ledger.open import open_books
from tollway.ledger.tunnels import FIRST_DAY, LAST_DAY
from tollway.observe.catalogue import UNMANAGED, UNMANAGED_BYTES
from tollway.observe.measuring import Measuring

POE = "poe.com"
REFUSE = "version: 1\nfaults: {unmanaged: refuse}\n"
AGENT = (("user-agent", "curl/8.9"),)
HELLO = records(hello(POE))


@asynccontextmanager
async def echoing(
    tmp_path: Path,
    sim: Simulator,
    policy: str = "version: 1",
    measuring: Measuring | None = None,
    greets: bool = False,
    hosts: tuple[str, ...] = HOSTS,
) -> AsyncIterator[Road]:
    """A proxy for which poe.com, a name that is nobody's, and an address say again what they hear; `greets`:
    behind five bytes of their own."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if greets:
            writer.write(b"hello")
        while data := await reader.read(65_536):
            writer.write(data)

    async with serving(echo) as port:
        elsewhere = dict.fromkeys((POE, "poe.com.", f"www.{POE}", "other.example", ADDRESS), port)
        async with running_road(
            tmp_path, sim, policy=policy, elsewhere=elsewhere, measuring=measuring, hosts=hosts
        ) as road:
            yield road


async def said(road: Road, host: str, *pieces: bytes, answered: int) -> None:
    """Say this in a tunnel, hear so many bytes, and leave."""
    raw = await RawClient.open(host, 443, proxy=proxied(road), proxy_headers=AGENT)
    for piece in pieces:
        await raw.send(piece)
    await raw.receive_until(lambda data: len(data) >= answered)
    raw.close()


async def seen(road: Road) -> list[Sighting]:
    """What the ledger holds by now."""
    await road.proxy.discovering.write()
    with closing(open_books(road.ledger_url)) as books:
        return books.tunnels(FIRST_DAY, LAST_DAY)


async def test_a_tunnel_is_counted_in_both_directions(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """However its name is written; its bytes are those that passed, its content is nobody's."""
    measuring = Measuring()
    async with echoing(tmp_path, sim, measuring=measuring) as road:
        await said(road, POE, b"no TLS at all", bytes(100_000), answered=100_013)
        await said(road, "POE.com.", HELLO, answered=len(HELLO))
        (one,) = await seen(road)
        assert await road.rows() == []

    assert (one.host, one.connections, one.refused) == (POE, 2, 0)
    assert one.sent_bytes == 100_013 + len(HELLO)
    assert one.received_bytes == one.sent_bytes
    assert (one.who.client, one.who.program, one.who.user) == ("127.0.0.1", "curl", "")
    assert 0 < one.first_us <= one.last_us
    counted = {(line.family, *line.labels): n for line, n in measuring.counting.snapshot().items()}
    assert counted[UNMANAGED, "Poe", "passed"] == 2
    assert counted[UNMANAGED_BYTES, "Poe", "sent"] == one.sent_bytes
    assert counted[UNMANAGED_BYTES, "Poe", "received"] == one.received_bytes


async def test_what_was_counted_before_is_added_to(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with echoing(tmp_path, sim) as road:
        await said(road, f"www.{POE}", b"one", answered=3)
        assert [one.connections for one in await seen(road)] == [1]
        await said(road, f"www.{POE}", b"three", answered=5)
        (one,) = await seen(road)

    assert (one.host, one.connections, one.sent_bytes) == (f"www.{POE}", 2, 8)


@pytest.mark.parametrize("target", ["other.example", ADDRESS])
async def test_a_tunnel_is_known_by_the_name_in_its_hello(
    tmp_path: Path, home: Path, sim: Simulator, target: str
) -> None:
    """Whatever it was asked for."""
    async with echoing(tmp_path, sim) as road:
        await said(road, target, HELLO, b"more", answered=4 + len(HELLO))
        (one,) = await seen(road)

    assert (one.host, one.connections) == (POE, 1)
    assert (one.sent_bytes, one.received_bytes) == (len(HELLO) + 4,) * 2


async def test_other_hosts_are_not_counted(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with echoing(tmp_path, sim) as road:
        await said(road, "other.example", b"hi", answered=2)
        await said(road, ADDRESS, records(hello("other.example")), answered=9)
        assert await seen(road) == []


async def test_a_host_that_a_provider_row_reads_is_in_the_bill_alone(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Though the name that it is under is in the list (perplexity.ai), with a row of one's own, too."""
    policy = """
version: 1
providers: [{name: ours, hosts: [poe.com], serves: [{at: [/v1], set: openai}]}]
"""
    hosts = ("api.perplexity.ai", POE)
    async with running_road(tmp_path, sim, policy=policy, hosts=hosts) as road:
        for host in hosts:
            async with await road.raw(host) as raw:
                await raw.send(CHAT.http1().replace(CHAT.host.encode(), host.encode()))
                await raw.response()
        assert await seen(road) == []


@pytest.mark.parametrize("speaks", [True, False])
async def test_what_the_server_says_first_is_counted_too(
    tmp_path: Path, home: Path, sim: Simulator, speaks: bool
) -> None:
    async with echoing(tmp_path, sim, greets=True) as road, await tunnel(road, POE, 443) as raw:
        await raw.receive_until(lambda data: data.endswith(b"hello"))
        if speaks:
            await raw.send(b"hi")
        raw.half_close()
        await raw.receive_until(lambda data: False)
        (one,) = await seen(road)

    assert (one.connections, one.sent_bytes, one.received_bytes) == ((1, 2, 7) if speaks else (1, 0, 5))


async def test_it_is_counted_by_the_callers_identity(
    tmp_path: Path, home: Path, sim: Simulator, provider: Provider
) -> None:
    """By a token that is taken; with another, or none, a tunnel is let through as ever, by its address."""
    policy = f"version: 1\n{proxy_jwt(provider)}"
    async with echoing(tmp_path, sim, policy) as road:
        async with road.client(token=token(provider)) as client:  # which waits for the keys
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        for value in (basic("jwt", token(provider)), basic("jwt", forged(provider)), None):
            more = () if value is None else (("proxy-authorization", value),)
            raw = await RawClient.open(POE, 443, proxy=proxied(road), proxy_headers=more)
            await raw.send(b"hi")
            await raw.receive()
            raw.close()
        found = {one.who.user: one for one in await seen(road)}

    assert {user: one.connections for user, one in found.items()} == {"ann@example.com": 1, "": 2}
    assert found["ann@example.com"].who.team == "search"
    assert found[""].who.client == "127.0.0.1"


async def test_plain_http_is_counted_by_connection_and_bytes(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Of heads and bodies; two requests on one connection are one."""
    body = b"x" * 50_000
    async with running_road(tmp_path, sim, hosts=(*HOSTS, POE)) as road:
        async with httpx.AsyncClient(proxy=road.proxy.url, headers={"user-agent": "curl/8.9"}) as client:
            answers = [await client.post(f"http://{POE}/api", content=body) for _ in range(2)]
        (one,) = await seen(road)

    assert (one.host, one.connections, one.who.program) == (POE, 1, "curl")
    assert 100_000 < one.sent_bytes < 102_000
    size = sum(len(answer.content) for answer in answers)
    assert size < one.received_bytes < size + 2_000


async def test_what_plain_http_is_upgraded_to_passes(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Of it the opening alone is counted."""

    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
        while data := await reader.read(100):
            writer.write(data)

    asks = f"GET http://{POE}/ws HTTP/1.1\r\nhost: {POE}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
    async with serving(upgrade) as port:
        reached = (f"{POE}:80:127.0.0.1:{port}",)
        async with running_road(tmp_path, sim, reached=reached) as road, await road.plain() as raw:
            await raw.send(asks.encode())
            await raw.receive_until(lambda data: data.endswith(b"\r\n\r\n"))
            await raw.send(b"frames")
            assert (await raw.receive_until(lambda data: data.endswith(b"frames"))).startswith(
                b"HTTP/1.1 101"
            )
            (one,) = await seen(road)

    assert (one.connections, one.sent_bytes > 0, one.received_bytes > 0) == (1, True, True)


async def test_where_it_is_refused_a_client_is_told_why(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """In the answer to CONNECT, whose first line is all that most clients show."""
    measuring = Measuring()
    async with echoing(tmp_path, sim, REFUSE, measuring) as road:
        with pytest.raises(Refused) as refused:
            await said(road, POE, answered=0)
        async with httpx.AsyncClient(proxy=road.proxy.url) as client:
            with pytest.raises(httpx.ProxyError, match=f"403 Forbidden: Tollway refuses {POE}"):
                await client.get(f"https://{POE}/")
        assert sum(one.refused for one in await seen(road)) == 2
        assert [one.connections for one in await seen(road)] == [0, 0]

    answer = refused.value.response
    assert answer.status == 403
    assert b"poe.com (Poe), an AI service that is not managed here (faults: unmanaged: refuse)" in answer.body
    assert b"ask who runs this proxy" in answer.body
    counts = measuring.counting.snapshot().items()
    counted = {
        (line.family, *line.labels): n for line, n in counts if line.family in (UNMANAGED, UNMANAGED_BYTES)
    }
    assert counted == {(UNMANAGED, "Poe", "refused"): 2}


@pytest.mark.parametrize("target", ["other.example", ADDRESS])
async def test_where_it_is_refused_a_tunnel_whose_hello_names_one_is_closed(
    tmp_path: Path, home: Path, sim: Simulator, target: str
) -> None:
    async with echoing(tmp_path, sim, REFUSE) as road:
        raw = await RawClient.open(target, 443, proxy=proxied(road))
        await raw.send(HELLO)
        heard = await raw.receive_until(lambda data: False)
        raw.close()
        (one,) = await seen(road)

    assert heard == b""
    assert (one.host, one.connections, one.refused, one.received_bytes) == (POE, 0, 1, 0)


async def test_where_it_is_refused_so_is_plain_http(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Nothing of it leaves; others, and what is read, pass."""
    async with running_road(tmp_path, sim, policy=REFUSE, hosts=(*HOSTS, POE)) as road:
        async with httpx.AsyncClient(proxy=road.proxy.url) as client:
            answer = await client.post(f"http://{POE}/api", content=b"x" * 50_000)
            other = await client.get("http://example.com/")
        async with road.client() as client:
            assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        (one,) = await seen(road)

    assert (answer.status_code, other.status_code) == (403, 404)  # as the simulator answers
    assert "Tollway does not let anybody reach poe.com (Poe)" in answer.text
    assert (one.connections, one.refused) == (0, 1)
    assert {each.host for each in sim.seen} == {"example.com", CHAT.host}


async def test_what_fails_in_counting_fails_nobody(
    tmp_path: Path,
    home: Path,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A tunnel passes uncounted, and so does a request."""

    def broken(*_: object) -> None:
        raise ValueError("boom")

    async with echoing(tmp_path, sim, hosts=(*HOSTS, "claude.ai")) as road:
        monkeypatch.setattr(road.step(Discover)._callers, "who", broken)
        await said(road, POE, HELLO, answered=len(HELLO))
        async with httpx.AsyncClient(proxy=road.proxy.url) as client:
            assert (await client.get("http://claude.ai/")).status_code == 404  # as the simulator answers
        assert await seen(road) == []

    assert "what passes to poe.com is not counted" in caplog.text
    assert "what passes to claude.ai is not counted" in caplog.text
