"""`tollway.inspecting.keeping`: streamed answers, within bounds."""

import asyncio
import gc
import logging

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow
from msgspec.structs import replace

from tests.tollway.inspecting.flows import ANTHROPIC, claude
from tollway.exchange import Exchange
from tollway.inspecting import keeping as module
from tollway.inspecting.keeping import Keeping
from tollway.model import Kind


def streamed(keeping: Keeping) -> tuple[HTTPFlow, Exchange]:
    """A flow whose answer is about to be streamed; its tap makes all letters large."""
    flow, known = claude()
    known.tap = bytes.upper
    assert flow.response is not None
    flow.response.stream = known.tap
    keeping.responseheaders(flow)
    return flow, known


def passed(flow: HTTPFlow, *chunks: bytes) -> list[bytes]:
    """What the client gets."""
    assert flow.response is not None
    assert callable(flow.response.stream)
    return [flow.response.stream(chunk) for chunk in chunks]  # type: ignore[misc]


def content(flow: HTTPFlow) -> bytes | None:
    """What there is to be looked at."""
    assert flow.response is not None
    return flow.response.raw_content


async def test_what_the_client_got_is_there_at_the_end() -> None:
    """Whatever the tap made of it; the client gets it at once."""
    drawn: list[HTTPFlow] = []
    keeping = Keeping(drawn.append)
    flow, _ = streamed(keeping)

    got = passed(flow, b"a", b"b", b"")
    before = content(flow)
    keeping.response(flow)

    assert (got, before, content(flow)) == ([b"A", b"B", b""], None, b"AB")
    assert drawn == [flow]
    assert not keeping.is_cut(flow)


async def test_what_has_come_is_shown_while_more_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then, not for each piece."""
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.0)
    drawn = asyncio.Event()
    keeping = Keeping(lambda flow: drawn.set())
    flow, _ = streamed(keeping)

    passed(flow, b"a", b"b")
    await drawn.wait()
    midway = content(flow)
    drawn.clear()
    passed(flow, b"c")
    await drawn.wait()

    assert (midway, content(flow)) == (b"AB", b"ABC")


async def test_an_answer_that_breaks_off_is_kept_as_far_as_it_came() -> None:
    """Its error ends it."""
    keeping = Keeping(lambda flow: None)
    flow, _ = streamed(keeping)

    passed(flow, b"a")
    keeping.error(flow)

    assert content(flow) == b"A"


async def test_of_a_long_answer_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is known to be cut; the client gets all of it."""
    monkeypatch.setattr(module, "LARGEST", 3)
    keeping = Keeping(lambda flow: None)
    flow, _ = streamed(keeping)

    got = passed(flow, b"ab", b"cd", b"ef")
    keeping.response(flow)

    assert (got, content(flow)) == ([b"AB", b"CD", b"EF"], b"ABC")
    assert keeping.is_cut(flow)


async def test_answers_beyond_all_that_may_be_kept_pass_and_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those before are there, until their flows are deleted."""
    monkeypatch.setattr(module, "ALL", 2)
    keeping = Keeping(lambda flow: None)
    first, _ = streamed(keeping)
    passed(first, b"ab")
    keeping.response(first)

    second, _ = streamed(keeping)
    got = passed(second, b"c")
    keeping.response(second)
    del first
    gc.collect()
    third, _ = streamed(keeping)
    passed(third, b"d")
    keeping.response(third)

    assert (got, content(second), content(third)) == ([b"C"], None, b"D")


async def test_an_answer_that_is_not_streamed_is_there_already() -> None:
    """The engine holds it back to settle it first, by the same tap."""
    keeping = Keeping(lambda flow: None)
    flow, known = claude()
    known.tap = bytes.upper
    keeping.responseheaders(flow)
    assert flow.response is not None
    flow.response.raw_content = b"whole"

    assert known.tap(b"whole") == b"WHOLE"
    keeping.response(flow)

    assert content(flow) == b"whole"


async def test_what_fails_here_never_reaches_the_client(caplog: pytest.LogCaptureFixture) -> None:
    """Here the loop is gone by which it would be shown; the answer passes, and the log says so."""
    keeping = Keeping(lambda flow: None)
    flow, _ = streamed(keeping)

    with caplog.at_level(logging.ERROR):
        got = await asyncio.to_thread(passed, flow, b"a")

    assert got == [b"A"]
    assert "a part of an answer was not kept" in caplog.text


@pytest.mark.parametrize("kind", [Kind.PASS, Kind.OWN])
async def test_what_is_no_call_is_not_kept(kind: Kind) -> None:
    """Nor what has no tap, or no answer, or is not known at all."""
    keeping = Keeping(lambda flow: None)
    passes, known = claude(replace(ANTHROPIC, kind=kind))
    known.tap = bytes.upper
    untapped, _ = claude()
    unanswered, tapped = claude()
    unanswered.response, tapped.tap = None, bytes.upper

    for flow in (passes, untapped, unanswered, tflow.tflow(resp=True)):
        keeping.responseheaders(flow)
        keeping.response(flow)

    assert (known.tap, tapped.tap) == (bytes.upper, bytes.upper)
