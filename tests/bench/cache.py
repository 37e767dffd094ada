"""What the cache costs, and what it saves: a look-up, and a call that it answers beside one that is asked."""

import random
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import orjson

from tests.bench.comparison import compare, cpu_ratio
from tests.bench.cpu import json_calls
from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.guardrails import TURNS, turn
from tests.bench.load import PROTOCOLS
from tests.bench.subjects import Place
from tests.bench.table import Bar, Results
from tollway.cache.sqlite import SqliteAnswers
from tollway.caching.place import Place as Kept
from tollway.caching.place import place as place_of
from tollway.caching.question import Question
from tollway.caching.recorded import Recorded
from tollway.caching.wishes import NO_WISHES
from tollway.model import CallRecord, Endpoint, Kind, Usage
from tollway.policy.caching import Caching
from tollway.policy.load import load
from tollway.wire import DIALECTS

POLICY = "version: 1\ncache: [{ttl: 1h, scope: user}]\n"
LOOK_UP, HIT = 400, 1.3
"""Microseconds; how many times the calls per second of CPU."""
NOW_US = 1_795_521_600_000_000
ENDPOINT = Endpoint(
    kind=Kind.INFERENCE,
    provider="anthropic",
    host="api.anthropic.com",
    operation="chat",
    dialect="anthropic_messages",
    errors="anthropic_messages",
)


def cache(results: Results, extent: Extent, place: Place) -> None:
    """Inside one process, and through the proxy."""
    look_ups(results, extent, place.folder)
    hits(results, extent, place)


def look_ups(results: Results, extent: Extent, folder: Path) -> None:
    """Of requests that are there, in rounds of turns that each are another; parsed before, as a call is."""
    print("cache: look-ups of 60 KB", flush=True)
    rule, took = Caching(load(POLICY, "policy.yaml")), list[float]()
    with closing(SqliteAnswers(folder / "answers.db", 2**30)) as answers:
        for number in range(extent.rounds + 1):
            asked = [question(turn(random.Random(number * TURNS + n))) for n in range(TURNS)]
            for each in asked:
                at = looked(rule, each)
                answers.keep(at.key, recorded(at))
            while answers.find(at.key, NOW_US) is None:
                time.sleep(0.01)  # a thread keeps them
            start = time.thread_time()
            found = [answers.find(looked(rule, each).key, NOW_US) for each in asked]
            took.append((time.thread_time() - start) / TURNS * 1_000_000)
            assert all(found)
    what = "cache: a request of 60 KB is looked for, and found"
    results.bar(Bar(what=what, limit=LOOK_UP, unit=" µs", places=0), whole(took[1:]))


def question(body: bytes) -> Question:
    """As a call asks it."""
    parsed = orjson.loads(body)
    return Question(
        endpoint=ENDPOINT,
        method="POST",
        port=443,
        addressed=("api.anthropic.com",),
        path="/v1/messages",
        headers={"content-type": "application/json", "anthropic-version": "2023-06-01"},
        asked=DIALECTS[ENDPOINT.dialect].read_request(ENDPOINT, parsed),
        body=body,
        parsed=parsed,
        media_type="application/json",
    )


def looked(rule: Caching, asked: Question) -> Kept:
    """Where its answer is."""
    row = CallRecord(
        id="c", state="open", started_us=NOW_US, client="127.0.0.1", provider="anthropic", operation="chat"
    )
    offer = rule.offer(row)
    assert not isinstance(offer, str)
    found = place_of(asked, offer, NO_WISHES)
    assert not isinstance(found, str)
    return found


def recorded(at: Kept) -> Recorded:
    """An answer of 2 KB."""
    return Recorded(
        status=200,
        headers=(("content-type", "application/json"),),
        body=random.Random(1).randbytes(2_000),
        stream=False,
        call="c",
        rule=at.offer.rule.name,
        scope=at.offer.scope,
        provider="anthropic",
        model="claude-sonnet-4-5",
        usage=Usage(input_tokens=15_000, output_tokens=500),
        cost_nano=1,
        made_us=NOW_US,
        until_us=NOW_US + 3_600_000_000,
    )


def hits(results: Results, extent: Extent, place: Place) -> None:
    """The same small call again and again, beside a proxy that caches nothing: a miss takes even more."""
    with ExitStack() as stack:
        paid, found = (
            replace(stack.enter_context(place.running("tollway", f"-{name}", policy=said)), name=name)
            for name, said in (("asked", ""), ("found", POLICY))
        )
        for protocol in PROTOCOLS:
            named = replace(json_calls(protocol, extent), title="JSON call (1 KB) from the cache")
            rounds = compare(results, named, [paid, found], extent.rounds)
            what = f"cache: calls per second of CPU, {protocol}, to calls that their provider answers"
            results.bar(Bar(what=what, limit=HIT, at_least=True), cpu_ratio(rounds, "asked", "found"))
