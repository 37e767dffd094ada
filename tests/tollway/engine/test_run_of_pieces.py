"""Only what comes in many small pieces, one right behind the other, is ever read later."""

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator import Cut, Scenario, Usage
from tests.tollway.calls import CLAUDE
from tests.tollway.leftovers import nothing_stays
from tests.tollway.road import Road
from tollway.engine.run_of_pieces import FREE, PAUSE, SMALL, RunOfPieces

MICROSECOND = 1e-6


def pauses(*pieces: tuple[str, int, float]) -> list[bool]:
    """For pieces of a sender, a size and a time: after which of them the next one waits."""
    run = RunOfPieces()
    return [run.pause(*piece) for piece in pieces]


def test_a_burst_waits_from_its_fifth_piece_on() -> None:
    run = [("provider", 200, n * 100 * MICROSECOND) for n in range(8)]

    assert pauses(*run) == [False] * FREE + [True] * (8 - FREE)


def test_what_comes_behind_a_pause_goes_on_with_the_run() -> None:
    run, now, told = RunOfPieces(), 1.0, list[bool]()
    for _ in range(20):
        told.append(run.pause("provider", 200, now))
        now += 50 * MICROSECOND + PAUSE * told[-1]

    assert all(told[FREE:])


@given(st.lists(st.floats(PAUSE + MICROSECOND, 10), min_size=1, max_size=30), st.integers(1, 2**16))
def test_events_that_are_a_millisecond_apart_never_wait(gaps: list[float], size: int) -> None:
    times = [sum(gaps[:n]) for n in range(len(gaps))]

    assert not any(pauses(*(("provider", size, time) for time in times)))


@given(st.lists(st.integers(SMALL, 2**18), max_size=30))
def test_a_download_never_waits(sizes: list[int]) -> None:
    assert not any(pauses(*(("provider", size, n * MICROSECOND) for n, size in enumerate(sizes))))


@given(st.lists(st.integers(1, FREE), max_size=30))
def test_questions_and_answers_in_turn_never_wait(lengths: list[int]) -> None:
    """However fast they are, and though answers come in a few pieces each."""
    talk = [who for n, length in enumerate(lengths) for who in [("client", "provider")[n % 2]] * length]

    assert not any(pauses(*((who, 100, n * MICROSECOND) for n, who in enumerate(talk))))


@given(
    st.lists(
        st.tuples(st.sampled_from(["client", "provider"]), st.integers(1, 2 * SMALL), st.floats(0, 2 * PAUSE))
    )
)
def test_nothing_waits_twice_within_a_pause(pieces: list[tuple[str, int, float]]) -> None:
    """A read comes after the pause before it, so that no piece waits longer than one."""
    run, now, waited = RunOfPieces(), 0.0, list[float]()
    for sender, size, gap in pieces:
        now += gap
        if run.pause(sender, size, now):
            now += PAUSE
            waited.append(now)

    assert all(later - sooner >= PAUSE - MICROSECOND for sooner, later in pairwise(waited))


@pytest.fixture
def everything_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read, the next piece waits: the worst that can be."""
    monkeypatch.setattr(RunOfPieces, "pause", lambda *piece: True)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_only_what_is_passed_on_counts(
    road: Road, monkeypatch: pytest.MonkeyPatch, http2: bool
) -> None:
    """Not what the provider says of its windows while a large request comes in: the answer is not to wait.

    Nor what the client says of its own while the answer does.
    """
    counted = list[int]()

    def pause(run: RunOfPieces, sender: object, size: int, now: float) -> bool:
        counted.append(size)
        return False

    monkeypatch.setattr(RunOfPieces, "pause", pause)
    road.sim.scenario = Scenario()
    body = {**CLAUDE.body, "messages": [{"role": "user", "content": "word " * 50_000}]}
    async with road.client(http2) as client:
        await client.post(CLAUDE.url, json=CLAUDE.body)
        counted.clear()
        answer = await client.post(CLAUDE.url, json=body)

    assert answer.status_code == 200
    assert 1 <= len(counted) <= 3, counted


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.usefixtures("everything_waits")
async def test_what_waited_arrives_whole(road: Road, http2: bool) -> None:
    road.sim.scenario = Scenario(events=300, usage=Usage(input_tokens=50, output_tokens=600))

    async with road.client(http2) as client:
        answers = [await client.post(CLAUDE.url, json=CLAUDE.streamed().body) for _ in range(2)]

    assert [answer.text.count("event: content_block_delta") for answer in answers] == [300, 300]
    rows = await road.rows()
    assert [row.usage.output_tokens for row in rows if row.usage] == [600, 600]


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.usefixtures("everything_waits")
async def test_who_ends_while_the_next_piece_waits_is_heard(
    road: Road, how: Literal["close", "reset"]
) -> None:
    road.sim.scenario = Scenario(events=50, cut=Cut(after_events=20, how=how))

    async with await road.raw() as raw:
        await raw.send(CLAUDE.streamed().http1())
        answer = await raw.response()

    assert (answer.status, answer.whole) == (200, False)
    assert len(await road.rows()) == 1
    await nothing_stays(road)


@pytest.mark.usefixtures("everything_waits")
async def test_a_client_that_leaves_while_the_next_piece_waits_leaves_nothing_behind(road: Road) -> None:
    road.sim.scenario = Scenario(events=50)

    async with await road.raw() as raw:
        await raw.send(CLAUDE.streamed().http1())
        await raw.receive_until(lambda data: b"content_block_delta" in data)

    await nothing_stays(road)
    assert len(await road.rows()) == 1
