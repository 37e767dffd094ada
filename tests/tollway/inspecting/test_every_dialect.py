"""Every dialect, whole and streamed, through Tollway's engine: what mitmproxy shows of the exchange."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from mitmproxy import contentviews

from tests.golden.golden import Golden, golden_files
from tests.golden.road import recognised, registry
from tests.simulator import Scenario, Simulator
from tests.tollway.inspecting.inspected import Inspected, inspected
from tollway.inspection import as_text, read_answer, read_request
from tollway.providers.recognise import owner
from tollway.wire import DIALECTS


def host_of(golden: Golden) -> str:
    """Where it went."""
    return urlsplit(golden.document["uri"]).hostname or ""


GOLDEN = [
    golden
    for golden in golden_files()
    if golden.is_inference and owner(registry(), host_of(golden), 443) is not None
]
"""Without hosts of customers, which a policy has to name."""


async def answered(found: Inspected, client: httpx.AsyncClient, golden: Golden) -> bytes:
    """What the client gets of this exchange, which the simulator plays."""
    document = golden.document
    told = tuple(golden.response_headers.items())
    found.road.sim.scenario = Scenario(status=document["status"], body=golden.answer, headers=told)
    headers = {**golden.request_headers, "authorization": "Bearer made-up-key"}
    answer = await client.request(
        document["method"], document["uri"], content=golden.request, headers=headers
    )
    return answer.content


@pytest.mark.slow
async def test_an_exchange_is_shown_as_a_conversation_below_what_it_cost(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with (
        inspected(tmp_path, sim, hosts=tuple({*map(host_of, GOLDEN)})) as found,
        found.road.client() as client,
    ):
        for number, golden in enumerate(GOLDEN, 1):
            got = await answered(found, client, golden)
            await found.road.calls(number)
            flow, dialect = found.flows[-1], recognised(golden).dialect
            assert flow.response is not None
            kind = flow.response.headers.get("content-type", "")
            shown = contentviews.prettify_message(flow.response, flow)

            assert flow.response.content == got, golden
            assert shown.view_name == "Conversation", golden
            assert shown.text.partition("\n\n")[2] == as_text(read_answer(dialect, got, kind)), golden
            assert "verdict  " in shown.text, golden
            if golden.request:
                asked = as_text(
                    read_request(dialect, flow.request.content, golden.request_headers["content-type"])
                )
                assert found.shown(flow.request, flow) == asked, golden


def test_there_is_an_exchange_of_nearly_every_dialect() -> None:
    """The two that are left share their readers with others."""
    assert DIALECTS.keys() - {recognised(golden).dialect for golden in GOLDEN} == {
        "mistral_speech",
        "openai_rerank",
    }
