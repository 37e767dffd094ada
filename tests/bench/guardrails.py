"""What guardrails cost: a turn whose history was seen before, one that is new, a start, and texts that are to
keep the event loop busy."""

import asyncio
import base64
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from tests.bench.calls import json_call
from tests.bench.comparison import compare, cpu_ratio
from tests.bench.cpu import json_calls
from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.http1 import Http1
from tests.bench.load import PROTOCOLS
from tests.bench.processes import CORES
from tests.bench.streams import stall_of
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results
from tollway import paths
from tollway.guardrails.verdict import verdict
from tollway.policy.load import load
from tollway.screening import Screening, screening

EVERYTHING = """version: 1
guardrails:
  - {find: secrets, do: block, in: both}
  - {find: personal, do: redact, restore: true, in: both}
"""
FLAGGED = EVERYTHING.replace("block", "flag").replace("redact, restore: true", "flag")
SEEN, NEW, START, STALL = 500, 15, 0.5, 50
"""Microseconds, milliseconds, seconds, milliseconds."""
LARGE = 10_000_000
"""Characters of a text that is to keep the loop busy."""
TURNS = 20
"""Turns a round."""
_STARTING = (
    "import time; start = time.perf_counter(); from tollway.guardrails.found import Family; "
    "from tollway.scanning.detectors import detectors; detectors(Family); "
    "print(time.perf_counter() - start)"
)


def guardrails(results: Results, extent: Extent, place: Place) -> None:
    """Inside one process, beside stock mitmdump, and through the proxy."""
    inside(results, extent)
    starting(results, extent, place)
    beside_stock(results, extent, place)
    asyncio.run(hostile(results, place))


def turn(chance: random.Random, kilobytes: int = 60) -> bytes:
    """A request of a coding agent: code, tool results in JSON, and 200 lines of a log full of digits."""
    lines = [
        f"2026-11-29T{n // 60 % 24:02}:{n % 60:02}:09.{chance.randrange(1000):03}Z INFO req={uuid(chance)} "
        f"10.0.{chance.randrange(256)}.{chance.randrange(256)} GET /v1/items/{chance.randrange(10**9)} 200"
        for n in range(200)
    ]
    messages: list[object] = [said("user", "Fix the failing test."), said("user", "\n".join(lines))]
    body = {"model": "claude-sonnet-4-5", "max_tokens": 4096, "messages": messages}
    size = len(json.dumps(body))
    while size < kilobytes * 1024:
        messages += [said("assistant", code(chance)), tool_result(chance)]
        size += len(json.dumps(messages[-2:]))
    return json.dumps(body).encode()


def said(role: str, text: str) -> object:
    """A message."""
    return {"role": role, "content": [{"type": "text", "text": text}]}


def code(chance: random.Random) -> str:
    """A function that does little."""
    names = [chance.choice(("row", "count", "item", "total", "key", "path")) + str(n) for n in range(12)]
    lines = [
        f'    {b} = {a}.get("{b}", {chance.randrange(1000)})  # {uuid(chance)}' for a, b in pairwise(names)
    ]
    return "\n".join(["def update(row0: dict[str, int]) -> int:", *lines, f"    return {names[-1]}"])


def tool_result(chance: random.Random) -> object:
    """What a tool gave back: rows."""
    rows = [
        {"id": chance.randrange(10**8), "name": f"item {chance.randrange(1000)}", "price": chance.random()}
        for _ in range(12)
    ]
    result = {"type": "tool_result", "tool_use_id": f"toolu_{uuid(chance)}", "content": json.dumps(rows)}
    return {"role": "user", "content": [result]}


def uuid(chance: random.Random) -> str:
    """Made of what chance gives."""
    text = f"{chance.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def inside(results: Results, extent: Extent) -> None:
    """Of all steps but the engine's and the ledger's, in rounds of turns that each are another."""
    print("guardrails: turns of 60 KB", flush=True)
    made = screening(load(EVERYTHING, "policy.yaml"), bytes(32))
    assert made is not None
    seen, new = list[float](), list[float]()
    for number in range(extent.rounds + 1):
        bodies = [turn(random.Random(number * TURNS + n)) for n in range(TURNS)]
        new.append(cost(made, bodies) / 1_000)
        seen.append(cost(made, bodies))
    what = "a turn of 60 KB, secrets and personal data looked for"
    bar = Bar(what=f"guardrails: {what}, its history seen before", limit=SEEN, unit=" µs", places=0)
    results.bar(bar, whole(seen[1:]))
    results.bar(
        Bar(what=f"guardrails: {what}, all of it new", limit=NEW, unit=" ms", places=1), whole(new[1:])
    )


def cost(made: Screening, bodies: Sequence[bytes]) -> float:
    """Microseconds of CPU for each of them."""
    start = time.thread_time()
    for body in bodies:
        found = made._searched(made._memory.look(body))
        verdict(found, made.guarding.rules)
    return (time.thread_time() - start) / len(bodies) * 1_000_000


def starting(results: Results, extent: Extent, place: Place) -> None:
    """How much later a proxy listens, once a machine has the compiled rules; and how long the engine takes
    that is made meanwhile."""
    print("guardrails: starts", flush=True)
    added, alone = list[float](), list[float]()
    for number in range(extent.rounds + 1):
        plain, guarded = (
            listening(place, f"-start-{label}-{number}", policy=said)
            for label, said in (("plain", ""), ("guarded", EVERYTHING))
        )
        added.append(guarded - plain)
        run = subprocess.run([sys.executable, "-c", _STARTING], capture_output=True, check=True)
        alone.append(float(run.stdout))
    bar = Bar(
        what="guardrails: what they add to a start, their rules compiled before", limit=START, unit=" s"
    )
    results.bar(bar, whole(added[1:]))
    results.note(f"Their engine alone, in a process that does nothing else: {whole(alone[1:]).text()} s.")


def listening(place: Place, label: str, policy: str) -> float:
    """Seconds until a new proxy says that it listens, on all cores: nothing else runs meanwhile."""
    rules = {"KF_RULE_CACHE_DIR": str(paths.data_dir() / "kingfisher")}
    start = time.perf_counter()
    with place.running("tollway", label, policy=policy, environment=rules, cores=CORES):
        return time.perf_counter() - start


def beside_stock(results: Results, extent: Extent, place: Place) -> None:
    """Small calls, with everything on."""
    with ExitStack() as stack:
        stock, guarded = (
            stack.enter_context(place.running(name, "-guarded", policy=said))
            for name, said in (("stock", ""), ("tollway", EVERYTHING))
        )
        for protocol in PROTOCOLS:
            named = replace(json_calls(protocol, extent), title="JSON call (1 KB) with guardrails")
            rounds = compare(results, named, [stock, guarded], extent.rounds)
            bar = Bar(what=f"CPU: {named.title}, {protocol}, to stock", limit=0.85)
            results.bar(bar, cpu_ratio(rounds, "tollway", "stock"))


async def hostile(results: Results, place: Place) -> None:
    """Texts of ten megabytes that look for long like what is looked for; the same without guardrails."""
    stalls: dict[str, list[float]] = {}
    for label, said in (("hostile", FLAGGED), ("hostile-bare", "")):
        told = place.folder / f"{label}.stall"
        with place.running("tollway", f"-{label}", stalls=told, policy=said) as subject:
            stalls[label] = [await stall(subject, told, name, text()) for name, text in TEXTS.items()]
    what = f"guardrails: 10 MB of {', '.join(TEXTS)}: longest stall of the event loop"
    results.bar(Bar(what=what, limit=STALL, unit=" ms", worst=True, places=1), whole(stalls["hostile"]))
    pairs = zip(TEXTS, *stalls.values(), strict=True)
    lines = (f"{name} {ms:.0f} ms, {bare:.0f} without" for name, ms, bare in pairs)
    results.note(f"Stalls: {'; '.join(lines)}.")


TEXTS: Mapping[str, Callable[[], str]] = {
    "base64": lambda: base64.b64encode(random.Random(1).randbytes(LARGE * 3 // 4)).decode(),
    "one letter": lambda: "a" * LARGE,
    "digits": lambda: "4111 1111 " * (LARGE // 10),
    "dots and ats": lambda: "a.a@" * (LARGE // 4),
    "words of keys": lambda: "password is secret, token: " * (LARGE // 27),
}


async def stall(subject: Subject, told: Path, name: str, text: str) -> float:
    """The longest one, in ms, while this is asked."""
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}).encode()
    connection = await Http1.open(subject.target, replace(json_call(), body=body))
    stall_of(subject, told)  # starting up is not what is measured
    await connection.call()
    connection.close()
    found = stall_of(subject, told)
    print(f"     {subject.name}, {name}: {found:.1f} ms", flush=True)
    return found
