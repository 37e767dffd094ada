"""What a limit does, shown while it does it: over a real proxy, with real programs."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tollway import paths
from tollway.demo.guide import Guide
from tollway.demo.limits.showing import Showing
from tollway.demo.limits.stops import CLAMPED, FIRST, REFUSED, SECOND, WHOLE, Step
from tollway.demo.stage import Stage, stage
from tollway.errors import TollwayError
from tollway.ledger.open import open_books
from tollway.model import CallRecord
from tollway.policy.load import load

pytestmark = pytest.mark.slow

POLICY = """
version: 1
limits: [{name: day, amount: 1 USD, window: day, then: [clamp, wait 20s, block]}]
"""


@pytest.fixture
async def set_up(tmp_path: Path, home: Path) -> AsyncIterator[Stage]:
    """A stage with a limit of 1 USD: no call of the tour fits whole."""
    async with stage(tmp_path, load(POLICY, "p.yaml")) as found:
        yield found


@pytest.fixture
def paper() -> io.StringIO:
    """What the guide writes on."""
    return io.StringIO()


@pytest.fixture
def showing(set_up: Stage, paper: io.StringIO) -> Showing:
    """On that stage."""
    return Showing(Guide(Console(file=paper, width=100, highlight=False)), set_up, paths.ledger_url())


def rows() -> list[CallRecord]:
    """The ledger's."""
    books = open_books(paths.ledger_url())
    try:
        return list(books.calls())
    finally:
        books.close()


def cheaper(step: Step) -> Step:
    """The step with an answer of 100 tokens."""
    usage = {**step.stop.answer["usage"], "output_tokens": 100}
    return replace(step, stop=replace(step.stop, answer={**step.stop.answer, "usage": usage}))


async def test_what_is_said_of_a_call_is_its_row(showing: Showing, paper: io.StringIO) -> None:
    await showing.alone(cheaper(CLAMPED))

    (row,) = rows()
    assert row.action is not None
    clamp = int(row.action.removeprefix("clamp "))
    said = paper.getvalue().splitlines()
    assert said == [
        "ada (claude-cli) asks for its tests",
        f"  clamped   64,000 -> {clamp:,} output tokens; holds all of the $1.00 left",
        "  anthropic claude-opus-4-8  1,900 in, 100 out  $0.0120",
        "",
    ]


async def test_of_two_calls_one_waits_for_the_other(showing: Showing, paper: io.StringIO) -> None:
    """It is made while the first is held back, and leaves when that has ended."""
    await showing.together(cheaper(FIRST), cheaper(SECOND))

    first, second = rows()
    assert first.ended_us is not None
    assert second.first_byte_us is not None
    assert first.started_us < second.started_us < first.ended_us < second.first_byte_us
    waited = (first.ended_us - second.started_us) / 1_000_000
    assert f"ben waited {waited:.1f} s, and is admitted\n" in paper.getvalue()


async def test_a_refusal_is_shown_with_its_body(showing: Showing, paper: io.StringIO) -> None:
    """Here of a call that a clamp to 4,096 tokens does not make small enough."""
    spent = {**FIRST.stop.answer["usage"], "output_tokens": 35_000}
    dear = replace(FIRST, stop=replace(FIRST.stop, answer={**FIRST.stop.answer, "usage": spent}))
    await showing.alone(dear)

    await showing.refused(replace(REFUSED, met=("block",)))

    said = paper.getvalue()
    assert "  refused   status 429, x-should-retry: false; reset=" in said
    assert '"type":"rate_limit_error"' in said
    assert rows()[-1].status is None


async def test_a_limit_that_does_something_else_ends_the_tour(showing: Showing) -> None:
    with pytest.raises(TollwayError, match="was to do nothing to a call, and did clamp"):
        await showing.alone(WHOLE)
