"""An admin address beside the event loop that it asks."""

import asyncio
import json
import socket
from collections.abc import Sequence

from msgspec import structs

from tests.tollway.observe.asking import GET, ask, parsed
from tests.tollway.observe.test_pages import TOLD, WELL
from tests.tollway.scraped import HERE
from tollway.observe.listening import On, listening
from tollway.observe.pulse import HUNG_SECONDS, Pulse
from tollway.readiness.check import Check


def asked(port: int, path: bytes) -> tuple[int, bytes]:
    """Blocks the loop that it is called on."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(GET.replace(b"/metrics", path))
        answer = b""
        while more := client.recv(65536):
            answer += more
    status, _, body = parsed(answer)
    return status, body


async def test_a_loop_that_stands_still_is_said_while_it_does_and_no_longer() -> None:
    now = [100.0]
    pulse = Pulse(lambda: now[0])
    told = structs.replace(TOLD, stands_still=pulse.stands_still)
    async with listening(HERE, told, pulse) as place:
        assert isinstance(place, tuple)
        assert asked(place[1], b"/healthz")[0] == 200
        now[0] += HUNG_SECONDS
        status, body = asked(place[1], b"/healthz")
        async with asyncio.timeout(60):
            while (await ask(place[1], GET.replace(b"/metrics", b"/healthz")))[0] != 200:
                pass

    assert (status, json.loads(body)["alive"]) == (503, False)


async def test_what_it_asks_is_answered_on_the_loop_that_it_is_beside() -> None:
    loops = set[asyncio.AbstractEventLoop]()

    async def checks() -> Sequence[Check]:
        loops.add(asyncio.get_running_loop())
        return WELL

    on_loop = On(asyncio.get_running_loop())
    told = structs.replace(TOLD, checks=lambda: on_loop(checks()))
    async with listening(HERE, told, Pulse(lambda: 0.0)) as place:
        assert isinstance(place, tuple)
        assert (await ask(place[1], GET.replace(b"/metrics", b"/readyz")))[0] == 200

    assert loops == {asyncio.get_running_loop()}
