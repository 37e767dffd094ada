"""The same bytes sent twice: straight to the simulator, and through the proxy."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulator import Scenario, Seen
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Answer, Headers
from tests.simulator.client_response import Response
from tests.tollway.calls import Call
from tests.tollway.road import Road

OURS = ("x-tollway-call", "x-tollway-cost", "date")
"""Headers that a direct connection's answer lacks, or has differently."""


@dataclass(frozen=True)
class Pair[T]:
    """What came of it: at the client, and at the provider."""

    direct: T
    proxied: T
    seen_direct: list[Seen]
    seen_proxied: list[Seen]


async def direct_client(road: Road, host: str, alpn: tuple[str, ...] = ("http/1.1",)) -> RawClient:
    """A connection to the simulator under a provider's name."""
    sim = road.sim
    return await RawClient.open(sim.address, sim.port, tls=host, root_ca=sim.root_ca, alpn=alpn)


async def both_http1(
    road: Road, scenario: Scenario, host: str, *pieces: bytes, method: str = "POST"
) -> Pair[Response]:
    """One request over HTTP/1, as these pieces."""
    answers, seen = [], []
    for opened in (await direct_client(road, host), await road.raw(host)):
        road.sim.reset()
        road.sim.scenario = scenario
        async with opened as raw:
            await raw.send(*pieces)
            answers.append(await raw.response(method))
        seen.append(road.sim.seen)
    return Pair(answers[0], answers[1], seen[0], seen[1])


async def both_http2(
    road: Road,
    scenario: Scenario,
    call: Call,
    headers: Headers | None = None,
    trailers: Headers | None = None,
) -> Pair[Answer]:
    """One request over HTTP/2."""
    from tests.simulator.client_http2 import Http2Client

    answers, seen = [], []
    sent = headers or [("content-type", "application/json")]
    for opened in (await direct_client(road, call.host, ("h2",)), await road.raw(call.host, alpn=("h2",))):
        road.sim.reset()
        road.sim.scenario = scenario
        async with opened as raw:
            client = await Http2Client.on(raw)
            stream = await client.request(
                call.host, call.path, sent, None if trailers is not None else call.content
            )
            if trailers is not None:
                await client.send(stream, call.content)
                client.h2.send_headers(stream, trailers, end_stream=True)
                await client.flush()
            answers.append(await client.answer(stream))
        seen.append(road.sim.seen)
    return Pair(answers[0], answers[1], seen[0], seen[1])


def told(answer: Response | Answer) -> tuple[object, ...]:
    """What an answer is to its reader, ours apart: status, headers without case, body, trailers, whole."""
    headers = [(name.lower(), value) for name, value in answer.headers if name.lower() not in OURS]
    trailers = [(name.lower(), value) for name, value in answer.trailers]
    return answer.status, headers, answer.body, trailers, answer.whole


def asked(seen: Seen, but: Callable[[str], bool] = lambda name: False) -> tuple[object, ...]:
    """What a request is to the provider: all of it, but headers that are named."""
    headers = [pair for pair in seen.headers if not but(pair[0].lower())]
    return seen.protocol, seen.method, seen.host, seen.path, seen.query, headers, seen.raw, seen.trailers
