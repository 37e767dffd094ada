"""What a call down a route costs in CPU beside one that stays: two Tollways, one of which leads calls on."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench.calls import Call, agent_turn, json_call
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import Extent
from tests.bench.load import PROTOCOLS
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

STAYING, REROUTING, TRANSLATING = "tollway", "tollway-rerouting", "tollway-translating"
REROUTED, TRANSLATED = 1.1, 2.0
"""Times as much, at the most."""
ECONOMY = """
version: 1
always: [{route: economy}]
routes:
  economy:
    - {from: "claude-*", to: anthropic/claude-haiku-4-5}
    - {from: "gpt-*", to: openai/gpt-4o-mini}
"""
CHAT = """
version: 1
always: [{{route: chat}}]
routes: {{chat: [{{from: "claude-*", to: openai/gpt-5-mini}}]}}
credentials: {{openai: {{inject: "file:{}"}}}}
"""
TURN = "agent turn {} (60 KB, 300 events back to back)"


def routes(results: Results, extent: Extent, place: Place) -> None:
    """Over both protocols, the events as fast as they come."""
    with ExitStack() as stack:
        staying = stack.enter_context(place.running("tollway", "-relaying"))
        rerouting = stack.enter_context(leading(place, REROUTING, ECONOMY))
        within = [
            Comparison("JSON call to another model", json_call(), "", 4, extent.json_calls),
            Comparison(TURN.format("to another model"), agent_turn(), "", 4, extent.turns),
        ]
        for one in within:
            bars(results, extent, one, [staying, rerouting], REROUTED)
        asked = asking()
        place.simulator.default(**json.loads(asked.scenario))  # its header stays behind when a call is moved
        translating = stack.enter_context(leading(place, TRANSLATING, CHAT.format(key(place))))
        translated = Comparison(TURN.format("translated to Chat"), asked, "", 4, extent.turns)
        bars(results, extent, translated, [staying, translating], TRANSLATED)


def bars(results: Results, extent: Extent, what: Comparison, pair: Sequence[Subject], limit: float) -> None:
    """The second of a pair beside the first."""
    first, second = (subject.name for subject in pair)
    for protocol in PROTOCOLS:
        rounds = compare(results, replace(what, protocol=protocol), pair, extent.rounds)
        bar = Bar(what=f"CPU: {what.title}, {protocol}, to one that stays", limit=limit)
        results.bar(bar, cpu_ratio(rounds, second, first))


@contextmanager
def leading(place: Place, name: str, policy: str) -> Iterator[Subject]:
    """A proxy under this policy."""
    with place.running("tollway", name.removeprefix("tollway"), policy=policy) as subject:
        yield replace(subject, name=name)


def key(place: Place) -> Path:
    """A file that holds an operator's key."""
    path = place.folder / "key"
    path.write_text("made-up")
    path.chmod(0o600)
    return path


def asking() -> Call:
    """An agent's turn that ends with what the user says, as in Chat it has to."""
    call = agent_turn()
    body = json.loads(call.body)
    body["messages"].append({"role": "user", "content": "go on"})
    return replace(call, body=json.dumps(body).encode())
