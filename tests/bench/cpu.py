"""What a call costs in CPU: beside stock mitmdump, and beside LiteLLM."""

import json
from collections.abc import Mapping
from dataclasses import replace

from tests.bench.calls import agent_turn, chat_turn, json_call
from tests.bench.comparison import Comparison, compare, cpu_ratio
from tests.bench.extent import Extent
from tests.bench.load import PROTOCOLS
from tests.bench.subjects import Subject
from tests.bench.table import Bar, Results
from tests.simulator.process import Running

HELD = "tollway-limits-5"
"""Each call meets all of its limits."""


def json_calls(protocol: str, extent: Extent) -> Comparison:
    """Small calls, one answer each."""
    return Comparison("JSON call (1 KB)", json_call(), protocol, 4, extent.json_calls)


def turns(protocol: str, extent: Extent) -> Comparison:
    """Agent turns whose events come as fast as they can."""
    return Comparison("agent turn (60 KB, 300 events back to back)", agent_turn(), protocol, 4, extent.turns)


def paced_turns(protocol: str, extent: Extent) -> Comparison:
    """Agent turns whose events come one by one."""
    title = "agent turn (60 KB, 300 events 2 ms apart)"
    return Comparison(title, agent_turn(0.002), protocol, 8, extent.paced_turns)


def chat_turns(protocol: str, extent: Extent) -> Comparison:
    """The same turns as a client of OpenAI's would ask for them, through Chat."""
    title = "agent turn through Chat (60 KB, 300 events back to back)"
    return Comparison(title, chat_turn(), protocol, 4, extent.turns)


def json_bars(results: Results, extent: Extent, subjects: Mapping[str, Subject]) -> None:
    """Small calls beside stock mitmdump, over both protocols."""
    for protocol in PROTOCOLS:
        _beside_stock(results, extent, subjects, json_calls(protocol, extent), "stock", 0.75, None)


def held_bars(results: Results, extent: Extent, subjects: Mapping[str, Subject]) -> None:
    """The same under five hard limits, which hold each call's bound and settle what it cost."""
    for protocol in PROTOCOLS:
        comparison = json_calls(protocol, extent)
        named = replace(comparison, title=f"{comparison.title} under 5 hard limits")
        taking_part = [subjects[name] for name in ("stock", "tollway", HELD)]
        rounds = compare(results, named, taking_part, extent.rounds)
        bar = Bar(what=f"CPU: {named.title}, {protocol}, to stock", limit=0.85)
        results.bar(bar, cpu_ratio(rounds, HELD, "stock"))


def turn_bars(results: Results, extent: Extent, subjects: Mapping[str, Subject]) -> None:
    """Streams beside a mitmdump that streams, too, over both protocols."""
    for protocol in PROTOCOLS:
        for comparison in (turns(protocol, extent), paced_turns(protocol, extent)):
            _beside_stock(results, extent, subjects, comparison, "stock-streaming", 1.10, 0.90)


def _beside_stock(
    results: Results,
    extent: Extent,
    subjects: Mapping[str, Subject],
    comparison: Comparison,
    stock: str,
    limit: float,
    goal: float | None,
) -> None:
    taking_part = [subjects[name] for name in (stock, "bare", "tollway")]
    rounds = compare(results, comparison, taking_part, extent.rounds)
    bar = Bar(what=f"CPU: {comparison.title}, {comparison.protocol}, to {stock}", limit=limit, goal=goal)
    results.bar(bar, cpu_ratio(rounds, "tollway", stock))


def litellm_bars(
    results: Results, extent: Extent, simulator: Running, tollway: Subject, litellm: Subject
) -> None:
    """LiteLLM without TLS, Tollway with TLS on both sides, as each is used; LiteLLM has no HTTP/2."""
    for comparison, limit in (
        (json_calls("HTTP/1.1", extent), 8),
        (turns("HTTP/1.1", extent), 4),
        (chat_turns("HTTP/1.1", extent), 4),
        (paced_turns("HTTP/1.1", extent), None),  # no bar: bare mitmproxy alone takes as much as LiteLLM here
    ):
        simulator.default(**json.loads(comparison.call.scenario))  # LiteLLM passes no x-sim on
        named = replace(comparison, title=f"{comparison.title}, beside LiteLLM")
        rounds = compare(results, named, [litellm, tollway], extent.rounds)
        what, ratio = (
            f"CPU of LiteLLM to Tollway's: {comparison.title}",
            cpu_ratio(rounds, "litellm", "tollway"),
        )
        if limit is None:
            results.note(f"{what}: {ratio.text('x')}; no bar.")
        else:
            results.bar(Bar(what=what, limit=limit, at_least=True), ratio)
