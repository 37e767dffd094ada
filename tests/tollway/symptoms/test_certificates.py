"""What a proxy shows for a provider's host, and how the host answers through it."""

import ssl
from asyncio import StreamReader, StreamWriter
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Literal

import pytest

from tests.simulator import Cut, Host, Scenario, Simulator
from tests.tollway.ca.forgery import server_pem
from tests.tollway.proxies import answer, saying, served
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import HOST, SECONDS, way
from tollway import clock
from tollway.ca.leaf import Leaves
from tollway.ca.make import LIFETIME, make
from tollway.diagnosis.path import Visit
from tollway.symptoms.certificates import LATE, NO_ANSWER, visit


async def visited(url: str, host: str = HOST, seconds: float = SECONDS) -> Visit:
    """One visit."""
    return await visit(way(url), host, seconds, clock.now)


async def test_a_tollway_shows_whose_its_certificates_are_and_the_provider_answers(road: Road) -> None:
    found = await visited(road.proxy.url)

    assert found.presented.authority == road.proxy.authority.id
    assert found.presented.failure is None
    assert found.presented.ends is not None
    assert found.answered.status is not None
    (seen,) = road.sim.seen
    assert (seen.method, seen.path, seen.header("authorization")) == ("HEAD", "/", None)
    assert await road.rows() == []


async def test_a_tunnel_past_tollway_shows_the_hosts_own(road: Road) -> None:
    """As `example.com`, which is no provider's."""
    found = await visited(road.proxy.url, "example.com")

    assert found.presented.authority is None
    assert found.presented.issuer == "CN=Tollway simulator\\, throw-away root"


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=-2), timedelta(days=1)])
async def test_the_clock_of_who_answers_is_compared(road: Road, ahead: timedelta) -> None:
    told = format_datetime(clock.utc(clock.now()) + ahead, usegmt=True)
    road.sim.scenario = Scenario(headers=(("date", told),))

    found = await visited(road.proxy.url)

    assert found.skew is not None
    assert abs(found.skew + ahead.total_seconds()) < SECONDS


async def test_a_date_that_is_none_is_no_clock(road: Road) -> None:
    road.sim.scenario = Scenario(headers=(("date", "yesterday"),))

    assert (await visited(road.proxy.url)).skew is None


async def test_a_provider_that_the_proxy_does_not_reach_is_told_by_status(road: Road) -> None:
    road.sim.hosts[HOST] = Host(trusted=False)

    found = await visited(road.proxy.url)

    assert found.presented.authority == road.proxy.authority.id
    assert found.answered.status == 502


async def test_a_provider_that_breaks_off_has_no_status_of_its_own(road: Road, sim: Simulator) -> None:
    sim.scenario = Scenario(cut=Cut(how="reset"))

    found = await visited(road.proxy.url)

    assert found.presented.failure is None
    assert found.answered.status in (502, None)


async def test_who_is_silent_is_not_waited_for() -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1 << 20)
        await reader.read()

    async with served(serve) as url:
        found = await visited(url, seconds=0.05)

    assert (found.presented.failure, found.answered.failure, found.skew) == (LATE, LATE, None)


async def test_a_proxy_that_opens_no_tunnel_is_why_there_is_nothing() -> None:
    async with saying(answer(403, "no")) as other:
        found = await visited(other.url)

    assert found.presented.failure == found.answered.failure == "it answered CONNECT with status 403"


async def test_certificates_of_an_authority_that_has_ended_show_when(tmp_path: Path) -> None:
    """As a proxy goes on showing that was started before, and whose clock stands still."""
    then = clock.utc(clock.now()) - 2 * LIFETIME
    authority = make([HOST], then)
    leaf = Leaves(authority).entry(HOST, then)
    (tmp_path / "old.pem").write_bytes(server_pem(leaf.key, leaf.cert, *leaf.chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "old.pem")

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.start_tls(context)
        await reader.readuntil(b"\r\n\r\n")

    async with served(serve) as url:
        found = await visited(url)

    assert found.presented.authority == authority.id
    assert found.presented.ends is not None
    assert found.presented.ends < clock.utc(clock.now())


@pytest.mark.parametrize("how", ["close", "abrupt"])
async def test_a_host_that_ends_without_an_answer_is_told(
    road: Road, how: Literal["close", "abrupt"]
) -> None:
    """In a tunnel past Tollway, nothing stands between."""
    road.sim.on("example.com", "/*", Scenario(cut=Cut(how=how)))

    found = await visited(road.proxy.url, "example.com")

    assert (found.presented.failure, found.answered.failure) == (None, NO_ANSWER)


@pytest.mark.slow
async def test_a_host_that_hangs_has_shown_its_certificate(road: Road) -> None:
    road.sim.on("example.com", "/*", Scenario(cut=Cut(how="hang")))

    found = await visited(road.proxy.url, "example.com", seconds=5)

    assert (found.presented.failure, found.answered.failure) == (None, LATE)
