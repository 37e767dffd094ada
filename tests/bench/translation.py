"""What a translated stream costs in CPU beside a relayed one: two Tollways, one of which leads to Chat."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from tests.bench.calls import Call, agent_turn
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import Extent
from tests.bench.load import PROTOCOLS
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

TRANSLATING = "tollway-translating"
MOST = 2.0
"""Times as much."""
POLICY = """
version: 1
always: [{{route: chat}}]
routes: {{chat: [{{from: "claude-*", to: openai/gpt-5-mini}}]}}
credentials: {{openai: {{inject: "file:{}"}}}}
"""


def translation(results: Results, extent: Extent, place: Place) -> None:
    """Over both protocols, the events as fast as they come."""
    call = asking()
    place.simulator.default(**json.loads(call.scenario))  # its header stays behind when a call is moved
    with ExitStack() as stack:
        both = [
            stack.enter_context(place.running("tollway", "-relaying")),
            stack.enter_context(moving(place)),
        ]
        for protocol in PROTOCOLS:
            title = "agent turn translated to Chat (60 KB, 300 events back to back)"
            rounds = compare(results, Comparison(title, call, protocol, 4, extent.turns), both, extent.rounds)
            bar = Bar(what=f"CPU: {title}, {protocol}, to relayed", limit=MOST)
            results.bar(bar, cpu_ratio(rounds, TRANSLATING, "tollway"))


@contextmanager
def moving(place: Place) -> Iterator[Subject]:
    """A proxy that translates every call."""
    key = place.folder / "key"
    key.write_text("made-up")
    key.chmod(0o600)
    with place.running("tollway", "-translating", policy=POLICY.format(key)) as subject:
        yield replace(subject, name=TRANSLATING)


def asking() -> Call:
    """An agent's turn that ends with what the user says, as in Chat it has to."""
    call = agent_turn()
    body = json.loads(call.body)
    body["messages"].append({"role": "user", "content": "go on"})
    return replace(call, body=json.dumps(body).encode())
