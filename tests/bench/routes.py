"""What a call that a route moves costs in CPU beside one that asks for its target: both through one proxy."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench.calls import Call, agent_turn, json_call
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import Extent
from tests.bench.load import PROTOCOLS
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

DIRECT, REROUTED, TRANSLATED = "direct", "rerouted", "translated"
WITHIN, ACROSS = 1.1, 2.0
"""Times as much, at the most: within a dialect, and through translation."""
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
routes: {{chat: [{{from: "claude-sonnet-*", to: openai/gpt-5-mini}}]}}
credentials: {{openai: {{inject: "file:{}"}}}}
"""
TURN = "agent turn {} (60 KB, 300 events back to back)"


def routes(results: Results, extent: Extent, place: Place) -> None:
    """Over both protocols, the events as fast as they come."""
    with leading(place, ECONOMY, REROUTED) as proxy:
        json_calls = Comparison("JSON call to another model", json_call(), "", 4, extent.json_calls)
        bars(results, extent, json_calls, proxy, "gpt-4o-mini", WITHIN)
        turns = Comparison(TURN.format("to another model"), agent_turn(), "", 4, extent.turns)
        bars(results, extent, turns, proxy, "claude-haiku-4-5", WITHIN)
    asked = asking()
    place.simulator.default(**json.loads(asked.scenario))  # its header stays behind when a call is moved
    with leading(place, CHAT.format(key(place)), TRANSLATED) as proxy:
        translated = Comparison(TURN.format("translated to Chat"), asked, "", 4, extent.turns)
        bars(results, extent, translated, proxy, "claude-haiku-4-5", ACROSS)


def bars(
    results: Results, extent: Extent, what: Comparison, proxy: Subject, target: str, limit: float
) -> None:
    """Calls that are moved beside those that ask for this model, which the proxy lets go where they would.

    One process takes both: two of the same program differ by more than is to be told apart here.
    """
    direct = replace(proxy, name=DIRECT, asks=naming(what.call, target))
    for protocol in PROTOCOLS:
        rounds = compare(results, replace(what, protocol=protocol), [direct, proxy], extent.route_rounds)
        bar = Bar(what=f"CPU: {what.title}, {protocol}, to one that asks for it", limit=limit)
        results.bar(bar, cpu_ratio(rounds, proxy.name, DIRECT))


@contextmanager
def leading(place: Place, policy: str, name: str) -> Iterator[Subject]:
    """A proxy under this policy; `name`: what its calls are in the table."""
    with place.running("tollway", f"-{name}", policy=policy) as subject:
        yield replace(subject, name=name)


def naming(call: Call, model: str) -> Call:
    """The same call of another model."""
    return replace(call, body=json.dumps({**json.loads(call.body), "model": model}).encode())


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
