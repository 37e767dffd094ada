"""What the proxy has in its ledger is what `tollway price` makes of the same traffic, recorded beside it."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, PASSING, RESPONSES, UNKNOWN, Call
from tests.tollway.recorded.recorder import Recorder, recorder
from tests.tollway.road import road as running_road
from tollway.model import CallRecord
from tollway.prices.book import PriceBook
from tollway.providers.load import load
from tollway.recorded.call import Call as Priced
from tollway.recorded.file import Recording
from tollway.recorded.pricing import price

BEDROCK = "bedrock-runtime.us-east-1.amazonaws.com"
MODEL = quote("us.anthropic.claude-sonnet-4-5-20250929-v1:0", safe="")
SAY_HI = {"messages": [{"role": "user", "content": [{"text": "say hi"}]}]}
CODEX = Call("chatgpt.com", "/backend-api/codex/responses", {**RESPONSES.body, "stream": True})
CLAUDE_CODE = {
    "authorization": "Bearer sk-ant-oat01-made-up",
    "anthropic-beta": "claude-code-20250219,oauth-2025-04-20",
}
USAGE = Usage(input_tokens=1000, output_tokens=200, cache_read_tokens=400, reasoning_tokens=50)
USED = Scenario(usage=USAGE)
SILENT = Scenario(usage=None, events=40, text="another word, größer ")

CALLS: tuple[tuple[Call, Scenario], ...] = (
    (CHAT, USED),
    (CHAT.streamed(), USED),
    (replace(CHAT, body={**CHAT.body, "stream": True}), USED),  # Tollway asks for its usage
    (RESPONSES, USED),
    (RESPONSES.streamed(), replace(USED, coding="gzip")),
    (CLAUDE, replace(USED, coding="br")),
    (CLAUDE.streamed(), USED),
    (GEMINI, USED),
    (GEMINI_SSE, USED),
    (Call(BEDROCK, f"/model/{MODEL}/converse", SAY_HI), USED),
    (Call(BEDROCK, f"/model/{MODEL}/converse-stream", SAY_HI), USED),
    (CODEX, USED),
    (CHAT, Scenario(status=429)),
    (CLAUDE, Scenario(status=529)),
    (CHAT, SILENT),
    (CHAT.streamed(), replace(SILENT, coding="gzip")),
    (CLAUDE.streamed(), SILENT),
    (CLAUDE.streamed(), replace(SILENT, usage=USAGE, cut=Cut(how="end", after_events=20))),
    (PASSING, USED),
    (UNKNOWN, USED),
)


def figures(record: CallRecord) -> tuple[object, ...]:
    """What a bill is made of."""
    return (
        record.provider, record.host, record.operation, record.model, record.model_served, record.tier,
        record.usage, record.cost, record.billing, record.status, record.stream, record.response_id,
    )  # fmt: skip


def priced(path: Path) -> list[Priced]:
    """The calls of a file."""
    with path.open("rb") as file:
        return price(Recording(file), load(open_regions=True), PriceBook(), now_us=0)


@pytest.mark.slow
async def test_recorded_traffic_costs_to_the_nano_dollar_what_the_ledger_has(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole answers and streams, coded, refused, silent about their usage, cut, covered by a plan."""
    async with recorder(tmp_path / "recorder", sim) as found:
        rows = await driven(tmp_path, sim, found, monkeypatch)

    for file in (found.flows, found.har):
        calls = priced(file)
        metered = [call.record for call in calls if call.record is not None]
        inference = [row for row in rows if row.model is not None]  # what nothing reads has none

        assert len(calls) == len(CALLS) + 1
        assert [figures(record) for record in metered] == [figures(row) for row in inference]
        assert [call.reason for call in calls if call.record is None] == ["not_inference", "http_404"]


async def driven(
    tmp_path: Path, sim: Simulator, found: Recorder, monkeypatch: pytest.MonkeyPatch
) -> list[CallRecord]:
    """The ledger's rows of all calls, oldest first."""
    monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{found.port}")
    hosts = tuple({call.host for call, _ in CALLS})
    trusted = (f"ssl_verify_upstream_trusted_ca={found.root_ca}",)
    async with running_road(tmp_path, sim, hosts=hosts, set_options=trusted) as road:
        nothing: dict[str, str] = {}
        sent = [(call, scenario, nothing) for call, scenario in CALLS] + [(CLAUDE, USED, CLAUDE_CODE)]
        for number, (call, scenario, headers) in enumerate(sent):
            sim.scenario = replace(scenario, number=number)
            async with road.client() as client:
                await client.post(call.url, json=call.body, headers=headers)
        await road.calls(len(sent) - 1)  # what is free has no row
        return await road.rows()
