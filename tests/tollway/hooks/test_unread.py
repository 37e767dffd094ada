"""Clients that pin certificates, or hide whom they call: they are told of, and pass where they may."""

import asyncio
import logging
import ssl
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.hellos import encrypted_hello, hello, records
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.hooks.unread import reason
from tollway.observe.catalogue import UNREAD
from tollway.observe.measuring import Measuring
from tollway.turned_down import TIMES

ENFORCED = {
    "refuse": "faults: {unreadable: refuse}",
    "a hard limit": "limits: [{name: day, amount: 5 USD, window: day}]",
    "an access rule": 'access: [{deny: {model: "*opus*"}}]',
    "a guardrail": "guardrails: [{find: [secrets], do: block}]",
}


async def pinned(road: Road, host: str = CHAT.host) -> int:
    """The status that a client has which takes no other certificates than the providers' own."""
    async with await RawClient.open(
        host, 443, proxy=(road.proxy.host, road.proxy.port), tls=host, root_ca=road.sim.root_ca
    ) as raw:
        await raw.send((CHAT if host == CHAT.host else CLAUDE).http1())
        return (await raw.response()).status


async def turned_down(road: Road, times: int = TIMES, host: str = CHAT.host) -> None:
    for _ in range(times):
        with pytest.raises(ssl.SSLCertVerificationError):
            await pinned(road, host)


def counted(measuring: Measuring) -> dict[tuple[str, ...], int]:
    return {one.labels: n for one, n in measuring.counting.snapshot().items() if one.family is UNREAD}


async def told(measuring: Measuring, number: int) -> dict[tuple[str, ...], int]:
    """What was counted, once it comes to so many."""
    async with asyncio.timeout(120):
        while sum(counted(measuring).values()) < number:
            await asyncio.sleep(0)
    return counted(measuring)


async def test_who_turns_certificates_down_passes_after_some_times_and_is_told_of(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    measuring = Measuring()
    async with running_road(tmp_path, sim, measuring=measuring) as road:
        with caplog.at_level(logging.WARNING):
            await turned_down(road)
            assert sim.seen == []
            await told(measuring, TIMES)
            assert [await pinned(road), await pinned(road)] == [200, 200]
        rows = await road.rows()

    assert counted(measuring) == {
        ("openai", "certificate", "failed"): TIMES, ("openai", "certificate", "passed"): 2,
    }  # fmt: skip
    assert [(row.operation, row.provider, row.host, row.client) for row in rows] == [
        ("unread", "openai", CHAT.host, "127.0.0.1")
    ] * 2
    assert all(row.cost.nano == 0 and row.cost.flags == ("unread",) for row in rows)
    lines = [each.getMessage() for each in caplog.records if "127.0.0.1" in each.getMessage()]
    assert len(lines) == TIMES + 1  # two connections pass, of which one is told
    assert all("does not trust the proxy's certificate for api.openai.com" in line for line in lines)
    assert ["unmetered" in line for line in lines] == [False] * TIMES + [True]


@pytest.mark.parametrize("why", list(ENFORCED))
async def test_nothing_passes_where_the_policy_keeps_calls_from_anything(
    tmp_path: Path, home: Path, sim: Simulator, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    measuring = Measuring()
    policy = f"version: 1\n{ENFORCED[why]}\n"
    async with running_road(tmp_path, sim, policy=policy, measuring=measuring) as road:
        with caplog.at_level(logging.WARNING):
            await turned_down(road, TIMES + 2)
            found = await told(measuring, TIMES + 2)
        rows = await road.rows()

    assert found == {("openai", "certificate", "failed"): TIMES + 2}
    assert len([each for each in caplog.records if "certificate" in each.getMessage()]) == TIMES
    assert rows == []
    assert [one for one in (*sim.connections, *sim.seen)] == []


async def test_who_took_a_certificate_once_is_read_for_ever(road: Road) -> None:
    """Programs that are alike may be many behind one address, of which one is not set up."""
    async with await road.raw() as raw:
        await raw.send(CHAT.http1())
        assert (await raw.response()).status == 200
    await turned_down(road, TIMES + 2)

    assert [row.operation for row in await road.rows()] == ["chat"]
    assert len(road.sim.seen) == 1


async def test_who_passes_at_one_provider_does_not_at_another(road: Road) -> None:
    await turned_down(road)
    assert await pinned(road) == 200
    await turned_down(road, 1, CLAUDE.host)

    assert [seen.host for seen in road.sim.seen] == [CHAT.host]


HIDDEN = records(hello("public.example", more=encrypted_hello()))


@pytest.mark.parametrize("policy", ["", *ENFORCED.values()])
async def test_a_hello_that_hides_whom_it_is_for_passes_or_does_not(
    tmp_path: Path, home: Path, sim: Simulator, policy: str
) -> None:
    heard: list[bytes] = []
    measuring = Measuring()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readexactly(len(HIDDEN)))
        writer.write(b"heard")

    async with serving(listen) as port:
        said = {"policy": f"version: 1\n{policy}\n", "elsewhere": {CHAT.host: port}}
        async with running_road(tmp_path, sim, measuring=measuring, **said) as road:  # type: ignore[arg-type]
            raw = await RawClient.open(CHAT.host, 443, proxy=(road.proxy.host, road.proxy.port))
            await raw.send(HIDDEN)
            answer = await raw.receive()
            raw.close()
            rows = await road.rows()

    passes = policy == ""
    assert (answer, heard) == ((b"heard", [HIDDEN]) if passes else (b"", []))
    assert [row.operation for row in rows] == ["unread"] * passes
    assert counted(measuring) == {("openai", "encrypted_hello", "passed" if passes else "refused"): 1}


@pytest.mark.parametrize("alpn", [("h2",), ("http/1.1",)])
async def test_a_hello_that_only_looks_as_if_it_hid_something_is_read(
    tmp_path: Path, home: Path, sim: Simulator, alpn: tuple[str, ...]
) -> None:
    """Browsers always send one (GREASE): what it names is who is called."""
    sent = records(hello(CHAT.host, more=encrypted_hello()))
    measuring = Measuring()
    async with running_road(tmp_path, sim, measuring=measuring) as road:
        raw = await RawClient.open(CHAT.host, 443, proxy=(road.proxy.host, road.proxy.port))
        await raw.send(sent)
        answer = await raw.receive()
        raw.close()

    assert answer[:1] in (b"\x15", b"\x16", b"")  # it is our TLS that answers
    assert ("openai", "encrypted_hello", "passed") not in counted(measuring)
    assert sim.connections == []


async def test_the_proxys_own_name_is_no_providers_whoever_does_not_trust_it(road: Road) -> None:
    for _ in range(TIMES + 1):
        with pytest.raises(ssl.SSLCertVerificationError):
            await pinned(road, "tollway.internal")

    assert await road.rows() == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("tlsv1 alert unknown ca", "certificate"),
        ("sslv3 alert bad certificate", "certificate"),
        ("OpenSSL Error([('SSL routines', '', 'ssl/tls alert certificate unknown')])", "certificate"),
        ("connection closed", "closed"),
        ("connection closed early", "closed"),
        ("OpenSSL Error([('SSL routines', '', 'no shared cipher')])", "other"),
    ],
)
def test_why_a_handshake_failed_is_told_apart(error: str, why: str) -> None:
    assert reason(error) == why
