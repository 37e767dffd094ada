"""A proxy's metrics, shown while it runs."""

import asyncio
import socket
import time

import pytest

from tests.tollway.limited import ask
from tests.tollway.observe.asking import GET, parsed
from tests.tollway.observe.test_catalogue import documented
from tests.tollway.road import Road
from tests.tollway.scraped import HERE, no_budgets, once, read, scrape, shown
from tollway.errors import TollwayError
from tollway.observe.door import Door, Entrance
from tollway.observe.measuring import Measuring
from tollway.observe.readying import Readying
from tollway.observe.showing import now, showing


async def test_the_document_has_what_a_proxy_shows_and_nothing_else(road: Road) -> None:
    """What prometheus-client adds of the process, too. Metrics without a line yet have a type."""
    async with shown(road, Measuring()) as port:
        await scrape(port)
        text = await asyncio.to_thread(asked, port)

    types = dict(line.split()[2:4] for line in text.splitlines() if line.startswith("# TYPE "))
    assert types == {name: kind for name, (kind, _) in documented().items()}


def asked(port: int) -> str:
    """The text, by way of a thread that blocks."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(GET)
        answer = b""
        while more := client.recv(2**20):
            answer += more
    return parsed(answer)[2].decode()


async def test_a_proxy_that_stands_still_is_shown_as_it_was_and_then_as_late(road: Road) -> None:
    """Half a second longer than is waited for its answer."""
    async with shown(road, Measuring()) as port:
        await once(port, lambda found: found.sum("tollway_event_loop_lag_seconds_count") > 0)
        asking = asyncio.ensure_future(asyncio.to_thread(asked, port))
        await asyncio.sleep(0)
        time.sleep(1.5)  # as nothing of ours should
        still = read(await asking)
        late = await once(port, lambda found: found.sum("tollway_event_loop_lag_seconds_sum") > 1)

    assert "tollway_calls_in_flight" in still.names
    assert late.sum("tollway_event_loop_lag_seconds_bucket", le="+Inf") > late.sum(
        "tollway_event_loop_lag_seconds_bucket", le="1"
    )


async def test_a_start_that_stands_still_is_no_lateness_of_calls() -> None:
    """Half a second passes before anything listens."""
    measuring = Measuring()
    async with showing(HERE, measuring, Readying(), no_budgets) as place:
        assert isinstance(place, tuple)
        await scrape(place[1])  # by then the heart beats
        time.sleep(0.5)  # as reading what a proxy needs may
        found = await scrape(place[1])

    assert found.sum("tollway_event_loop_lag_seconds_count") == 0
    assert found.sum("tollway_workers") == 0


async def test_how_things_are_is_read_of_the_proxys_own_parts(road: Road) -> None:
    async with road.client() as client:
        await ask(client)
    await road.rows()

    found = now(road.proxy, 7)

    assert (found.in_flight, found.held_nano, found.unwritten, found.log_dropped) == (0, 0, 0, 7)


async def test_a_port_that_is_taken_is_said_and_nothing_beats_on(road: Road) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        entrance = Entrance(("127.0.0.1", taken.getsockname()[1]), Door())
        with pytest.raises(TollwayError, match="--admin: can't listen"):
            async with showing(entrance, Measuring(), Readying(), no_budgets):
                pass
