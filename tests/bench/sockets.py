"""What a message on a WebSocket costs in CPU, beside mitmproxy's own engine."""

import json

from tests.bench.calls import KEY, Call
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import Extent
from tests.bench.subjects import Place
from tests.bench.table import Bar, Results

EVENTS = 300
MOST = 1.2
PROTOCOLS = ("WebSocket", "WebSocket, compressed")


def sockets(results: Results, extent: Extent, place: Place) -> None:
    """Answers of many messages, as fast as they come and one by one; each call is metered, too."""
    with place.running("bare", "-sockets") as bare, place.running("tollway", "-sockets") as tollway:
        for protocol in PROTOCOLS:
            for said, interval, each in (
                ("back to back", 0.0, extent.turns),
                ("2 ms apart", 0.002, extent.paced_turns),
            ):
                title = f"answer on a socket ({EVENTS} messages {said})"
                comparison = Comparison(title, answer(interval), protocol, 4, each)
                rounds = compare(results, comparison, [bare, tollway], extent.rounds)
                bar = Bar(what=f"CPU: {title}, {protocol}, to bare", limit=MOST)
                results.bar(bar, cpu_ratio(rounds, "tollway", "bare"))


def answer(interval: float = 0.0) -> Call:
    """A Responses call of an agent's later turn: what came before is not sent again."""
    body = {
        "type": "response.create",
        "model": "gpt-5.2",
        "previous_response_id": "r1",
        "input": "hi " * 99,
    }
    usage = {"input_tokens": 15000, "cache_read_tokens": 14000, "output_tokens": 600}
    said = {"websocket": 101, "events": EVENTS, "interval": interval, "usage": usage}
    credential = (("authorization", f"Bearer {KEY}"),)
    return Call("api.openai.com", "/v1/responses", credential, json.dumps(body).encode(), json.dumps(said))
