"""`tollway.inspecting.inspector`: Tollway's engine under mitmproxy's tools."""

import json
from pathlib import Path

import pytest
from mitmproxy import exceptions
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader
from mitmproxy.test import tflow

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.calls import CHAT, CLAUDE, PASSING
from tests.tollway.failing_targets import CHAIN, GROQ_KEY, ask, fails
from tests.tollway.inspecting.inspected import inspected
from tests.tollway.translated import MINI, POLICY
from tests.tollway.translated import ask as ask_anthropic
from tollway.errors import TollwayError


async def test_streams_and_requests_are_there_once_they_have_passed(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """The engine keeps neither: the answer as its client got it, the request as it was sent."""
    async with inspected(tmp_path, sim) as found:
        async with found.road.client() as client:
            answer = await client.post(CLAUDE.url, json=CLAUDE.streamed().body)
        (flow,) = found.flows
        asked, said = found.shown(flow.request, flow), found.shown(flow.response, flow)
        (call,) = await found.road.calls(1)

    assert flow.response is not None
    assert flow.response.content == answer.content
    assert json.loads(flow.request.content or b"") == CLAUDE.streamed().body
    assert asked == "── user ──\nsay hi\n"
    assert f"call  {call.id}\n\n── assistant ──\nThe simulator answers" in said


async def test_every_attempt_at_a_call_is_said(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target that failed, and the one that took its place; what was sent there is kept, too."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)
    async with inspected(tmp_path, sim, policy="version: 1\n" + CHAIN) as found:
        fails(found.road, Scenario(status=529))
        async with found.road.client() as client:
            answer = await ask(client)
        await found.road.calls(2)
        (flow,) = found.flows

    assert answer.status_code == 200
    failed, passed = flow.comment.splitlines()
    assert failed.endswith(" · failed 529: route resilient")
    assert " · openai/gpt-4o (529) -> groq/openai/gpt-oss-120b · " in passed
    assert " · rerouted: " in passed
    assert flow.marked == ":twisted_rightwards_arrows:"
    assert flow.request.content


async def test_a_translated_answer_is_shown_in_its_clients_dialect(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller of Anthropic's, a target of OpenAI's: both are read as what they are."""
    monkeypatch.setenv("OPENAI_KEY", "made-up-openai-key")
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)
    policy = POLICY.replace("TARGET", MINI).replace("AMOUNT", "1 USD").replace("THEN", "[block]")
    async with inspected(tmp_path, sim, policy=policy) as found:
        async with found.road.client() as client:
            for stream in (False, True, False):
                assert (await ask_anthropic(client, stream=stream)).status_code == 200
        await found.road.calls(3)
        _, *moved = found.flows
        asked = [found.shown(flow.request, flow) for flow in moved]
        said = [found.shown(flow.response, flow) for flow in moved]

    assert all("── user ──\nsay hi" in text for text in asked)
    assert all("The simulator answers" in text for text in said)
    assert all("claude-opus-4-8 -> openai/gpt-5-mini" in text for text in said)


async def test_what_was_estimated_is_marked(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Once the estimate is there, which takes a while."""
    async with inspected(tmp_path, sim) as found:
        sim.scenario = Scenario(usage=None)
        async with found.road.client() as client:
            await client.post(CLAUDE.url, json=CLAUDE.streamed().body)
        await found.road.calls(1)
        (flow,) = found.flows

    assert flow.marked == ":grey_question:"
    assert " · ~$0.0" in flow.comment


async def test_an_answer_that_breaks_off_is_shown_as_far_as_it_came(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """It has no end, but words."""
    async with inspected(tmp_path, sim) as found:
        sim.scenario = Scenario(cut=Cut(how="close", after_events=6), text="so far ")
        async with found.road.client() as client:
            with pytest.raises(Exception, match=r"incomplete|closed"):
                await client.post(CLAUDE.url, json=CLAUDE.streamed().body)
        await found.road.calls(1)
        (flow,) = found.flows
        said = found.shown(flow.response, flow)

    assert "so far so far" in said
    assert "failed" in flow.comment


async def test_what_passes_has_no_comment_and_is_not_kept(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Other paths of a provider's host; other hosts are not even read."""
    async with inspected(tmp_path, sim) as found:
        async with found.road.client() as client:
            await client.post(PASSING.url, json=PASSING.body)
        async with found.road.client(tunnel=True) as client:
            tunnelled = await client.get("https://example.com/")
        (flow,) = found.flows

    assert tunnelled.status_code
    assert (flow.comment, flow.marked) == ("", "")
    assert flow.response is not None
    assert flow.response.raw_content is None


async def test_an_addon_of_the_tool_that_raises_refuses_the_call(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """In mitmproxy's own engine the call would go on."""

    class Mistaken:
        def request(self, flow: HTTPFlow) -> None:
            raise ValueError("a mistake")

    async with inspected(tmp_path, sim, Mistaken()) as found:
        async with found.road.client() as client:
            answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 503
    assert sim.seen == []


async def test_flows_of_a_file_are_no_calls(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """They are shown, and cost nothing."""
    async with inspected(tmp_path, sim) as found:
        flow = tflow.tflow(resp=True)
        flow.request.host, flow.request.path, flow.request.port = CHAT.host, CHAT.path, 443
        flow.request.method, flow.request.content = "POST", CHAT.content
        await found.engine.master.load_flow(flow)
        rows = await found.road.rows()
        shown = found.shown(flow.request, flow)

    assert found.flows == [flow]
    assert rows == []
    assert shown == "── user ──\nsay hi\n"


async def test_a_call_that_is_replayed_is_a_call(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """A limit of one call has no room for it: it does not leave."""
    policy = "version: 1\nlimits: [{name: day, amount: 1 requests, window: day, then: [block]}]\n"
    async with inspected(tmp_path, sim, policy=policy) as found:
        async with found.road.client() as client:
            await client.post(CHAT.url, json=CHAT.body)
        (flow,) = found.flows
        again = flow.copy()
        found.engine.master.commands.call("replay.client", [again])
        await found.road.calls(2)

    assert len(sim.seen) == 1
    assert again.response is not None
    assert again.response.status_code == 429
    assert again.marked == ":no_entry:"


async def test_a_file_that_flows_are_saved_to_has_answers_and_comments(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Of streams, too."""
    path = tmp_path / "calls.flows"
    async with inspected(tmp_path, sim, set_options=(f"save_stream_file={path}",)) as found:
        async with found.road.client() as client:
            answer = await client.post(CLAUDE.url, json=CLAUDE.streamed().body)

    with path.open("rb") as file:
        (saved,) = FlowReader(file).stream()
    assert isinstance(saved, HTTPFlow)
    assert saved.response is not None
    assert saved.response.content == answer.content
    assert saved.comment.endswith(" · passed")


async def test_options_that_hide_calls_stay_as_they_are(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Neither at start nor while it runs; others may change."""
    async with inspected(tmp_path, sim) as found:
        settings = found.engine.master.options
        with pytest.raises(exceptions.OptionsError, match="allow_hosts stays as it is: calls would"):
            settings.update(allow_hosts=["x"])
        settings.update(anticache=True)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("scripts=x.py", "--set scripts=x.py: refused, scripts fail open"),
        ("ignore_hosts=x", "--set ignore_hosts=x: refused, calls would pass unseen"),
        ("no_such=1", "--set or --mode: Unknown option"),
    ],
)
async def test_a_setting_that_is_refused_says_why(
    tmp_path: Path, home: Path, sim: Simulator, spec: str, said: str
) -> None:
    with pytest.raises(TollwayError, match=said):
        async with inspected(tmp_path, sim, set_options=(spec,)):
            pass


async def test_a_port_that_is_taken_says_so(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """As the proxy's own."""
    async with inspected(tmp_path, sim) as found:
        port = found.road.proxy.port
        (tmp_path / "other").mkdir()
        with pytest.raises(TollwayError, match="another program has the port"):
            async with inspected(tmp_path / "other", sim, modes=(f"regular@{port}",)):
                pass


async def test_what_the_cache_answers_is_shown_like_any_other_answer(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    policy = "version: 1\ncache: [{ttl: 1h}]"
    async with inspected(tmp_path, sim, policy=policy) as found, found.road.client() as client:
        asked = [await client.post(CHAT.url, json=CHAT.streamed().body) for _ in range(2)]
        await found.road.calls(2)
        first, second = found.flows
        shown = [found.shown(flow.response, flow) for flow in (first, second)]

    assert asked[0].content == asked[1].content
    assert first.comment.endswith(" · passed")
    assert second.comment.endswith((" · from the cache", " · joined another call"))
    assert second.response is not None
    assert second.response.content == asked[1].content
    assert "simulator" in shown[0]
    assert "simulator" in shown[1]
