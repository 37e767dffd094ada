"""The programs of the tours: ordinary HTTP, no more."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT

import pytest

from tests.simulator import Scenario, Simulator
from tollway.demo import program
from tollway.demo.program import main


@pytest.fixture
def url(sim: Simulator) -> str:
    """A provider without TLS."""
    return f"http://{sim.address}:{sim.plain_port}/v1/chat/completions"


async def run(*words: str) -> tuple[int | None, bytes]:
    """`python program.py WORDS`: its status, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", program.__file__, *words, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode, said


async def test_it_posts_a_body_with_headers_and_reads_the_answer(sim: Simulator, url: str) -> None:
    """As `python program.py URL BODY NAME:VALUE ...`. Status and headers are what it says then."""
    sim.scenario = Scenario(headers=(("X-Three", "d"),))

    status, said = await run(url, '{"model": "m"}', "x-one:a:b", "x-two:c")

    came = json.loads(said)
    assert (status, came["status"], came["headers"]["x-three"]) == (0, 200, "d")
    assert json.loads(came["body"])["object"] == "chat.completion"
    (seen,) = sim.seen
    assert seen.json == {"model": "m"}
    assert (seen.header("x-one"), seen.header("x-two")) == ("a:b", "c")
    assert seen.complete


async def test_it_takes_an_error_for_an_answer(sim: Simulator, url: str) -> None:
    """And says it as it came."""
    sim.scenario = Scenario(status=429, body=b'{"error": "no"}')

    status, said = await run(url, "{}")

    came = json.loads(said)
    assert (status, came["status"], came["body"]) == (0, 429, '{"error": "no"}')


async def test_it_reads_a_stream_as_it_was_said(sim: Simulator, url: str) -> None:
    """Not as it was framed on its way, which differs from caller to caller."""
    sim.scenario = Scenario(events=20, interval=0.001)

    _, said = await run(url, '{"stream": true}')

    lines = [line for line in json.loads(said)["body"].splitlines() if line]
    assert len(lines) > 20
    assert all(line.startswith("data: ") for line in lines)


async def test_it_leaves_in_the_middle(sim: Simulator, url: str) -> None:
    """Of a long stream."""
    sim.scenario = Scenario(events=10_000, interval=0.01)

    status, said = await run(url, '{"stream": true}', "leave")

    came = json.loads(said)
    assert (status, came["status"], len(came["body"])) == (0, 200, 300)
    seen = await sim.wait_for(lambda one: one.client_left)
    assert seen.events_written < 10_000


def test_where_nobody_answers_it_fails() -> None:
    """So that the tour can say so."""
    with pytest.raises(OSError, match="refused"):
        main(["http://127.0.0.1:9/", "{}"])
