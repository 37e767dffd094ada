"""What a guardrail does, shown: over a real proxy, with real programs."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tests.tollway.scanning.conftest import COMPILED
from tollway.demo.guardrails import made_up, stops
from tollway.demo.guardrails.policy import TOUR
from tollway.demo.guardrails.showing import Calls, Showing
from tollway.demo.guide import Guide
from tollway.demo.stage import Stage, stage
from tollway.errors import TollwayError
from tollway.policy.load import load

pytestmark = pytest.mark.slow


@pytest.fixture
def calls() -> Calls:
    """Those that have ended."""
    return asyncio.Queue()


@pytest.fixture
async def set_up(
    tmp_path: Path, home: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """A stage with the tour's policy."""
    monkeypatch.setenv("KF_RULE_CACHE_DIR", str(COMPILED))
    async with stage(tmp_path, load(TOUR, "p.yaml"), calls.put_nowait) as found:
        yield found


@pytest.fixture
def paper() -> io.StringIO:
    """What the guide writes on."""
    return io.StringIO()


@pytest.fixture
def showing(set_up: Stage, calls: Calls, paper: io.StringIO) -> Showing:
    """On that stage."""
    return Showing(Guide(Console(file=paper, width=100, highlight=False)), set_up, calls)


async def test_a_blocked_call_is_shown_as_the_program_has_it(
    showing: Showing, set_up: Stage, paper: io.StringIO
) -> None:
    """Kind and place are there, the key is not; the provider has seen nothing."""
    key = made_up.key()

    await showing.blocked(stops.agent(key), key)

    said = " ".join(paper.getvalue().split())
    assert "blocked status 400, x-should-retry: false" in said
    assert "It has stripe_key at /messages/2/content/0/content." in said
    assert said.endswith("provider got 0 calls")
    assert key not in paper.getvalue()
    assert await set_up.providers.got() == []


async def test_what_is_taken_out_is_put_back_in_the_next_turns_answer(
    showing: Showing, set_up: Stage, paper: io.StringIO
) -> None:
    """The provider has the customer's data in no turn, and the same placeholders in both."""
    values = (made_up.EMAIL, made_up.card())
    first = stops.asking(*values)

    got, answer = await showing.redacted(first, values)
    await showing.restored(stops.going_on(first, answer, got.masks[0]), values, got)

    assert answer == "The number of her order."
    one, two = await set_up.providers.got()
    assert not any(value in str(each.json) for each in (one, two) for value in values)
    assert two.json["messages"][0] == one.json["messages"][0]
    said = paper.getvalue().splitlines()
    mask = got.masks[0]
    assert f"  redacted  Nora ({mask}) paid with" in said
    (streamed,) = (line for line in said if line.startswith("  streamed  "))
    assert mask not in streamed
    assert mask in streamed.replace('" "', "")
    (restored,) = (line for line in said if line.startswith("  restored  "))
    assert f"To {made_up.EMAIL}: it comes on Monday." in restored.replace('" "', "")


async def test_what_is_flagged_goes_on_and_is_kept(
    showing: Showing, set_up: Stage, paper: io.StringIO
) -> None:
    """Its kind, its place and a hash."""
    password = made_up.password()

    call = await showing.flagged(stops.pasting(password), password)

    (finding,) = call.findings
    assert (finding.kind, finding.at, finding.do.word) == ("password", "/messages/0/content", "flag")
    assert finding.mark
    assert password in str((await set_up.providers.got())[0].json)
    assert password not in paper.getvalue()


async def test_a_guardrail_that_does_something_else_ends_the_tour(showing: Showing) -> None:
    """Here there is nothing to be blocked."""
    with pytest.raises(TollwayError, match="was to do block to a call, and did flag password"):
        await showing.blocked(stops.pasting(made_up.password()), "x")


async def test_an_answer_that_has_not_all_of_it_back_ends_the_tour(showing: Showing) -> None:
    """Here the stream breaks off half-way."""
    values = (made_up.EMAIL, made_up.card())
    first = stops.asking(*values)
    got, answer = await showing.redacted(first, values)
    stop = stops.going_on(first, answer, got.masks[0])

    with pytest.raises(TollwayError, match="was to have back what was taken out"):
        await showing.restored(replace(stop, answer={**stop.answer, "finish": "error"}), values, got)


async def test_a_key_that_got_somewhere_ends_the_tour(showing: Showing) -> None:
    """A blocked call is the first of all, so that the provider has had none."""
    password = made_up.password()
    await showing.flagged(stops.pasting(password), password)

    with pytest.raises(TollwayError, match="the key was to get to nobody"):
        await showing.blocked(stops.agent(made_up.key()), "x")
