"""However a call ends that is asked in another dialect, its client is told in its own."""

import asyncio
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.translated import BODY, OWN_KEY, USED, ask, events, moving
from tollway import clock
from tollway.ledger.open import open_books


@pytest.mark.parametrize(
    ("status", "kind"), [(429, "rate_limit_error"), (500, "api_error"), (401, "authentication_error")]
)
@pytest.mark.parametrize("stream", [False, True])
async def test_an_error_of_the_target_is_said_as_anthropic_would(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, status: int, kind: str,
    stream: bool,
) -> None:  # fmt: skip
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(status=status, message="too much")
        answer = await ask(client, stream=stream)
        _, row = await road.rows()

    assert answer.status_code == status
    assert answer.json()["type"] == "error"
    assert answer.json()["error"]["type"] == kind
    assert "too much" in answer.json()["error"]["message"]
    assert answer.headers["x-tollway-cost"] == "0"
    assert (row.provider, row.status) == ("openai", status)


@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        (Scenario(body=b"not json"), 502),
        (Scenario(body=b'{"error": {"message": "no room", "code": 429}}'), 502),
        (Scenario(content_encoding="gzip"), 502),
        (Scenario(status=302, body=b"elsewhere"), 502),
    ],
    ids=["no JSON", "an error", "not coded as it says", "elsewhere"],
)
async def test_what_is_no_answer_is_an_error(
    tmp_path: Path,
    home: Path,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    scenario: Scenario,
    status: int,
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (_, client):
        sim.scenario = scenario
        answer = await ask(client)

    assert answer.status_code == status
    assert answer.json()["type"] == "error"


async def test_an_answer_of_ours_is_in_the_dialect_of_the_caller(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the call was on its way elsewhere."""
    async with moving(tmp_path, sim, monkeypatch) as (_, client):
        sim.scenario = Scenario(cut=Cut(how="reset"))
        answer = await ask(client)

    assert answer.status_code == 502
    assert answer.json()["type"] == "error"


@pytest.mark.parametrize(
    ("cut", "told"), [(Cut(how="end", after_events=4), True), (Cut(how="close", after_events=4), False)]
)
async def test_a_stream_that_breaks_off_is_not_taken_for_whole(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, cut: Cut, told: bool
) -> None:
    """Either an event says so, or the connection."""
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(cut=cut, usage=USED)
        if told:
            assert events(await ask(client, stream=True))[-1]["type"] == "error"
        else:
            with pytest.raises(httpx.RemoteProtocolError):
                await ask(client, stream=True)
        _, row = await road.rows()

    assert row.usage.output_tokens


async def test_an_error_amid_a_stream_is_an_event(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(finish="error")
        answer = await ask(client, stream=True)
        _, row = await road.rows()

    assert events(answer)[-1]["type"] == "error"
    assert row.error is not None


async def test_a_client_that_leaves_is_charged_and_holds_nothing(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(usage=USED, interval=0.02, events=20)
        url = "https://api.anthropic.com/v1/messages"
        async with client.stream("POST", url, json={**BODY, "stream": True}, headers=OWN_KEY) as answer:
            await anext(answer.aiter_raw())
        _, row = await road.calls(2)

    assert (row.error, row.usage.output_tokens) == ("abandoned", 12)


@pytest.mark.parametrize("stream", [False, True])
async def test_however_translated_calls_end_each_client_knows_and_nothing_stays_held(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    """Side by side: each gets one whole answer or one error, and each is in the ledger."""
    ends = [
        Scenario(), Scenario(status=429), Scenario(status=500), Scenario(usage=None), Scenario(slices=7),
        Scenario(cut=Cut(how="reset")), Scenario(cut=Cut(how="close", after_bytes=300)),
        Scenario(cut=Cut(how="end", after_bytes=300), framing="chunked"), Scenario(body=b"{"),
        Scenario(finish="error" if stream else "stop"),
    ]  # fmt: skip
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        for scenario in ends * 2:
            sim.on("api.openai.com", "/v1/chat/completions", scenario, times=1)
        answers = await asyncio.gather(
            *(ask(client, stream=stream) for _ in range(2 * len(ends))), return_exceptions=True
        )
        rows = await road.rows()
        with closing(open_books(road.ledger_url)) as books:
            held = [row.held for row in books.buckets(clock.now_us())]

    whole = [answer for answer in answers if isinstance(answer, httpx.Response) and is_whole(answer)]
    assert len(whole) == 2 * (3 if stream else 4)
    for answer in answers:
        if isinstance(answer, httpx.Response):
            assert is_whole(answer) or b'"type":"error"' in answer.content
        else:
            assert isinstance(answer, httpx.RemoteProtocolError)
    assert len(rows) == 1 + 2 * len(ends)
    assert {row.state for row in rows} == {"done"}
    assert set(held) == {0}


def is_whole(answer: httpx.Response) -> bool:
    """Whether an answer is one from its beginning to its end."""
    end = b'{"type":"message_stop"}' if "event-stream" in answer.headers["content-type"] else b'"stop_reason"'
    return answer.status_code == 200 and end in answer.content
