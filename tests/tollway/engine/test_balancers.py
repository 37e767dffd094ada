"""Behind a load balancer that speaks the PROXY protocol: clients are who it says, and nobody else says it."""

import asyncio
import json
import logging
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.engine.test_strangers import OWN, echo
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.engine.client_bounds import ClientBounds
from tollway.identity.networks import networks
from tollway.ledger.open import open_books

HERE = networks({"127.0.0.1/32": None})
POLICY = """
version: 1
identity:
  - networks: {192.0.2.0/24: {user: ann}}
"""


def line(client: str) -> bytes:
    """A header of version 1."""
    return f"PROXY TCP4 {client} 198.51.100.1 40000 8080\r\n".encode()


def binary(client: str, command: int = 0x21) -> bytes:
    """One of version 2."""
    body = ip_address(client).packed + ip_address("198.51.100.1").packed + struct.pack(">HH", 40000, 8080)
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH", command, 0x11, len(body)) + body


def call() -> bytes:
    """A whole request to a provider, as a proxy gets it."""
    head = f"POST http://api.openai.com{CHAT.path} HTTP/1.1\r\nHost: api.openai.com\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(CHAT.content)}\r\n\r\n"
    return head.encode() + CHAT.content


@asynccontextmanager
async def behind(
    tmp_path: Path, sim: Simulator, policy: str = POLICY, bounds: ClientBounds | None = None
) -> AsyncIterator[Road]:
    """A proxy to which this machine is a balancer."""
    async with running_road(
        tmp_path, sim, policy=policy, balancers=HERE, bounds=bounds or ClientBounds()
    ) as road:
        yield road


@pytest.fixture
async def road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with behind(tmp_path, sim) as found:
        yield found


async def asked(road: Road, *pieces: bytes, method: str = "POST") -> int:
    """The status of what these bytes ask for."""
    async with await road.plain() as raw:
        await raw.send(*pieces)
        return (await raw.response(method)).status


async def end_of(road: Road, data: bytes) -> RawClient:
    """A connection that sent this, once it has ended."""
    async with await road.plain() as raw:
        await raw.send(data)
        assert await raw.receive_until(lambda _: False) == b""
        return raw


@pytest.mark.parametrize("header", [line("192.0.2.7"), binary("192.0.2.7")], ids=["version 1", "version 2"])
async def test_a_call_is_its_clients_by_the_address_that_the_balancer_says(road: Road, header: bytes) -> None:
    assert await asked(road, header + call()) == 200

    record = await road.call()
    assert (record.client, record.user, record.identity) == ("192.0.2.7", "ann", "networks")


async def test_whom_no_network_knows_is_refused_though_the_balancers_own_machine_is_ours(road: Road) -> None:
    assert await asked(road, line("203.0.113.9") + call()) == 401


async def test_a_header_may_come_byte_by_byte(road: Road) -> None:
    whole = binary("192.0.2.7")

    assert await asked(road, *(whole[i : i + 1] for i in range(len(whole))), call()) == 200


async def test_who_comes_by_way_of_a_balancer_here_reaches_nothing_that_listens_here(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with behind(tmp_path, sim, "version: 1") as road, serving(echo) as port:
        tunnel = f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        assert await asked(road, line("192.0.2.7") + tunnel, method="CONNECT") == 502
        assert await asked(road, line("127.0.0.1") + tunnel, method="CONNECT") == 200


@pytest.mark.skipif(not OWN, reason="this machine has no address but loopback")
async def test_a_program_of_another_machine_with_a_balancer_is_none_of_this_machine(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """To its balancer it is 127.0.0.1."""
    balancers = networks({f"{OWN}/32": None})
    async with running_road(tmp_path, sim, host=OWN, balancers=balancers) as road, serving(echo) as port:
        tunnel = f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        for client in ("127.0.0.1", "127.0.0.9"):
            assert await asked(road, line(client) + tunnel, method="CONNECT") == 502
        assert await asked(road, line("127.0.0.1") + call()) == 200
        assert (await road.call()).client == OWN


async def test_the_page_names_the_address_that_the_client_dialled(road: Road) -> None:
    async with await road.plain() as raw:
        await raw.send(
            line("192.0.2.7")
            + b"GET http://tollway.internal/setup HTTP/1.1\r\nHost: tollway.internal\r\n\r\n"
        )
        answer = await raw.response("GET")

    assert b"http://198.51.100.1:8080" in answer.body


@pytest.mark.parametrize(
    "header", [b"PROXY UNKNOWN\r\n", binary("192.0.2.7", command=0x20)], ids=["unknown", "local"]
)
async def test_a_connection_of_the_balancer_itself_has_its_own_address(
    tmp_path: Path, home: Path, sim: Simulator, header: bytes
) -> None:
    async with behind(tmp_path, sim, "version: 1") as road:
        assert await asked(road, header + call()) == 200
        assert (await road.call()).client == "127.0.0.1"


async def test_a_balancer_that_sends_no_header_is_closed_and_the_log_says_so_once(
    road: Road, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        await end_of(road, call())

    said = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert said == [
        "a connection of the load balancer 127.0.0.1 is closed: it begins with something else than a PROXY "
        "protocol header (--proxy-protocol)"
    ]
    assert road.ended == []
    assert nothing_left(road)


async def test_what_is_no_request_behind_a_header_is_answered_as_ever(
    road: Road, caplog: pytest.LogCaptureFixture
) -> None:
    """It is there already when the connection begins."""
    assert await asked(road, line("192.0.2.7") + b"no request\r\n\r\n") == 400
    assert nothing_left(road)

    assert "the engine failed" not in caplog.text


async def test_a_header_that_does_not_come_is_not_waited_for_longer_than_a_head(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with behind(tmp_path, sim, bounds=ClientBounds(head_time=1)) as road:
        await end_of(road, b"PROXY TCP4 192.")

    assert "no whole PROXY header in 1 s (head-time)" in caplog.text


async def test_who_leaves_at_once_behind_a_header_and_a_call_holds_nothing_for_ever(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """The call is there when the connection begins, and its client leaves while it is answered."""
    policy = "version: 1\nlimits: [{name: day, amount: 10 USD, window: day}]\n"
    async with behind(tmp_path, sim, policy) as road:
        for number, header in enumerate((line("192.0.2.7"), binary("192.0.2.7")), 1):
            raw = await road.plain()
            await raw.send(header + call())
            await road.sim.wait_for(lambda _: len(road.sim.seen) > len(road.ended))
            raw.reset()
            await road.calls(number)
        assert await asked(road, line("192.0.2.7") + call()) == 200
        await road.calls(3)
        rows = await road.rows()

    assert [row.state for row in rows] == ["done"] * 3
    books = open_books(road.ledger_url)
    try:
        (bucket,) = books.buckets(clock.now_us())
        assert (bucket.held, bucket.settled) == (0, sum(row.cost.nano for row in rows))
    finally:
        books.close()


async def test_connections_without_their_header_count_among_those_that_there_may_be(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with behind(tmp_path, sim, bounds=ClientBounds(connections=2)) as road:
        async with await road.plain(), await road.plain() as second:
            await second.send(b"PROXY TCP4 192.")
            await end_of(road, b"")
            await second.send(b"0.2.7 198.51.100.1 40000 8080\r\n" + call())
            assert (await second.response()).status == 200


@pytest.mark.parametrize("sent", [b"", b"PROXY TCP4 192."], ids=["nothing", "half a header"])
@pytest.mark.parametrize("cut", [RawClient.reset, RawClient.half_close])
async def test_who_leaves_before_a_header_is_no_reason_for_a_word(
    road: Road, caplog: pytest.LogCaptureFixture, sent: bytes, cut: Callable[[RawClient], None]
) -> None:
    """As load balancers look whether a port is open."""
    raw = await road.plain()
    await raw.send(sent)
    cut(raw)
    assert await asked(road, line("192.0.2.7") + call()) == 200

    assert caplog.text == ""
    raw.close()


async def test_who_is_no_balancer_is_asked_for_no_header(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with running_road(
        tmp_path,
        sim,
        policy=POLICY.replace("192.0.2.0/24", "127.0.0.1/32"),
        balancers=networks({"10.0.0.0/8": None}),
    ) as road:
        assert await asked(road, call()) == 200
        assert (await road.call()).client == "127.0.0.1"


@pytest.mark.parametrize("header", [line("192.0.2.7"), binary("192.0.2.7")], ids=["version 1", "version 2"])
@pytest.mark.parametrize(
    "modes", [("regular",), ("reverse:https://api.openai.com",)], ids=["regular", "reverse"]
)
async def test_the_header_of_a_balancer_that_nobody_named_ends_its_connection_and_the_log_says_so_once(
    tmp_path: Path,
    home: Path,
    sim: Simulator,
    caplog: pytest.LogCaptureFixture,
    header: bytes,
    modes: tuple[str, ...],
) -> None:
    async with running_road(tmp_path, sim, modes=modes) as road:
        for _ in range(2):
            await end_of(road, header + call())
        assert road.ended == []
        assert nothing_left(road)

    assert [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING] == [
        "a connection is closed: it begins with a PROXY protocol header, and 127.0.0.1 is not named by "
        "--proxy-protocol"
    ]


async def test_clients_of_one_balancer_are_told_apart_at_once(road: Road) -> None:
    names = ["192.0.2.7", "203.0.113.9"] * 8
    found = await asyncio.gather(*(asked(road, line(name) + call()) for name in names))

    assert found == [200, 401] * 8
    assert json.dumps([record.client for record in await road.calls(8)]).count("192.0.2.7") == 8
