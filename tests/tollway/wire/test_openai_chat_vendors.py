"""Chat as others speak it than OpenAI: what each adds to it, or means by it."""

import json
from typing import Any

import pytest

from tests.tollway.wire.chat import USAGE, USED, chunk, read, stream
from tollway.model import Endpoint, Kind, Portion, Report, Usage

XAI = Endpoint(kind=Kind.INFERENCE, provider="xai", host="api.x.ai", habits=frozenset({"reasoning_extra"}))


def test_groq_reports_in_its_own_corner_and_is_not_counted_twice() -> None:
    corner = {"id": "req_1", "usage": {**USAGE, "queue_time": 0.1}}

    assert read(stream(chunk({}, x_groq=corner))).report().usage == USED
    assert read(stream(chunk({}, x_groq=corner, usage=USAGE))).report().usage == USED
    assert read(stream(chunk({}, x_groq=corner), chunk(usage=USAGE))).report().usage == USED


@pytest.mark.parametrize("where", ["top", "corner"])
def test_a_compound_system_is_billed_by_its_models(where: str) -> None:
    models = [
        {"model": "openai/gpt-oss-120b", "usage": USAGE},
        {"model": "llama-3.3-70b", "usage": {"prompt_tokens": 1, "completion_tokens": 2}},
        {"model": "silent", "usage": None},
    ]
    breakdown = {"usage_breakdown": {"models": models}}
    body = stream(chunk({}, **(breakdown if where == "top" else {"x_groq": {"usage": USAGE, **breakdown}})))

    report = read(body).report()

    assert report.portions == (
        Portion(model="openai/gpt-oss-120b", usage=USED),
        Portion(model="llama-3.3-70b", usage=Usage(input_tokens=1, output_tokens=2)),
    )
    assert report.usage == Usage(input_tokens=15, output_tokens=10)


def test_a_compound_system_s_usage_that_comes_again_is_still_the_sum_of_its_models() -> None:
    """The extra chunk of usage has no breakdown."""
    models = [{"model": "a", "usage": USAGE}, {"model": "b", "usage": USAGE}]
    first = chunk({}, x_groq={"usage": USAGE, "usage_breakdown": {"models": models}})

    report = read(stream(first, chunk(usage=USAGE))).report()

    assert [p.model for p in report.portions] == ["a", "b"]
    assert report.usage == Usage(input_tokens=28, output_tokens=16)


SEARCH = {"index": 0, "type": "search", "arguments": '{"query":"x"}', "output": None}
SEARCHED = {**SEARCH, "output": "Title: X", "search_results": {"results": []}}


def test_what_a_compound_system_searched_is_counted_once_it_has_its_output() -> None:
    """A stream tells of each tool twice; other tools are not billed by the call."""
    ran = [chunk({"executed_tools": [SEARCH]}), chunk({"content": "a", "executed_tools": [SEARCHED]})]
    more = chunk({"executed_tools": [{**SEARCHED, "index": 1}, {"type": "python", "output": "1"}]})
    said = [chunk({"content": "a"})] * 5

    report = read(stream(*said, *ran, more, chunk({}, x_groq={"usage": USAGE}), chunk(usage=USAGE))).report()
    cut = read(stream(*said, *ran, done=False)).report()
    whole = {"choices": [{"message": {"content": "a", "executed_tools": [SEARCHED]}}], "usage": USAGE}

    assert report.usage == Usage(input_tokens=14, output_tokens=8, web_searches=2)
    assert cut.usage == Usage(web_searches=1)
    assert read(json.dumps(whole).encode()).report().usage == Usage(
        input_tokens=14, output_tokens=8, web_searches=1
    )


def test_a_compound_system_s_searches_are_in_the_share_of_its_first_model() -> None:
    """So that the shares are the whole."""
    breakdown = {"models": [{"model": "a", "usage": USAGE}, {"model": "b", "usage": USAGE}]}
    last = chunk({}, x_groq={"usage": USAGE, "usage_breakdown": breakdown})

    report = read(stream(chunk({"executed_tools": [SEARCHED]}), last, chunk(usage=USAGE))).report()

    assert [p.usage.web_searches for p in report.portions] == [1, None]
    assert report.usage == Usage(input_tokens=28, output_tokens=16, web_searches=1)


def test_groq_may_stop_a_stream_in_its_own_corner() -> None:
    """By a text, which is not told."""
    report = read(stream(chunk({}, x_groq={"id": "req_1", "error": "secret text"}))).report()

    assert report.error == "error"


def test_azure_names_the_model_after_its_first_chunk() -> None:
    first = {
        "choices": [],
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": [{"prompt_index": 0}],
    }

    report = read(stream(first, chunk({"content": "a"}))).report()

    assert (report.model, report.id) == ("gpt-4o-2024-08-06", "chatcmpl-1")


def test_a_stream_that_names_no_model_is_read_all_the_same() -> None:
    body = stream(*[{"choices": [{"delta": {"content": "a"}}]}] * 9, {"choices": [], "usage": USAGE})
    reader = read(body)

    assert reader.report() == Report(usage=USED, complete=True)
    assert reader.delivered() == b"a" * 9


def test_xai_s_reasoning_comes_on_top() -> None:
    usage = {
        "prompt_tokens": 37,
        "completion_tokens": 530,
        "completion_tokens_details": {"reasoning_tokens": 233},
    }
    expected = Usage(input_tokens=37, output_tokens=763, reasoning_tokens=233)

    for body in (stream(chunk({}, usage=usage)), json.dumps(chunk(usage=usage)).encode()):
        assert read(body, at=XAI).report().usage == expected


def test_mistral_names_the_tier_in_its_usage() -> None:
    assert read(stream(chunk({}, usage={**USAGE, "service_tier": "priority"}))).report().tier == "priority"


NO_COST = {"input_tokens_cost": 0.0, "output_tokens_cost": 0.0, "total_cost": 0.0}
COST = {"input_tokens_cost": 0.0, "output_tokens_cost": 0.001, "request_cost": 0.005, "total_cost": 0.006}


def test_what_the_provider_billed_is_taken_from_the_last_chunk() -> None:
    interim = {"prompt_tokens": 14, "completion_tokens": 1, "total_tokens": 15, "cost": NO_COST}
    last = chunk({"content": ""}, usage={**USAGE, "cost": COST}, object="chat.completion.done")

    report = read(stream(chunk({"content": "a"}, usage=interim), last, done=False)).report()

    assert (report.usage, report.cost_nano, report.complete) == (USED, 6_000_000, True)


@pytest.mark.parametrize(
    ("marks", "complete"),
    [
        ({"status": "COMPLETED", "type": "end_of_stream"}, True),
        ({"object": "chat.completion.done"}, True),
        ({"status": "PENDING", "type": "message"}, False),
        ({}, False),
    ],
)
def test_perplexity_says_which_chunk_is_the_last(marks: dict[str, Any], complete: bool) -> None:
    """In both of its modes, and closes without a mark of its own."""
    body = stream(chunk({"content": "a"}, usage={**USAGE, "cost": COST}, **marks), done=False)

    assert read(body).report().complete is complete


def test_a_cut_stream_s_cost_of_zero_is_none() -> None:
    """Perplexity's chunks have a skeleton of the cost, all zeros, until the last."""
    report = read(
        stream(*[chunk({"content": "a"}, usage={**USAGE, "cost": NO_COST})] * 6, done=False)
    ).report()

    assert (report.cost_nano, report.complete) == (None, False)


def test_a_message_that_grows_beside_its_deltas_is_delivered_once() -> None:
    """Perplexity repeats in each chunk all that was said."""
    choice = {"index": 0, "finish_reason": None, "delta": {"role": "assistant", "content": "b"}}
    grows = {"message": {"role": "assistant", "content": "ab"}}
    late = {**chunk(), "choices": [{**choice, **grows}]}
    early = {**chunk(), "choices": [{**grows, **choice}]}

    assert read(stream(chunk({"content": "a"}), late)).delivered() == b"ab"
    assert read(stream(chunk({"content": "a"}), early)).delivered() == b"ab"


def test_reasoning_beside_the_total_comes_on_top() -> None:
    """Perplexity's deep research: prompt and completion are the total, which leaves out what it thought."""
    usage = {"prompt_tokens": 33, "completion_tokens": 7163, "total_tokens": 7196, "reasoning_tokens": 73997}

    report = read(json.dumps(chunk(usage=usage)).encode(), at=XAI).report()

    assert report.usage == Usage(input_tokens=33, output_tokens=81160, reasoning_tokens=73997)


@pytest.mark.parametrize("where", ["chunk", "object"])
def test_what_copilot_billed_stands_beside_the_usage(where: str) -> None:
    billed = {"total_nano_aiu": 1_000_000_000}
    last = chunk(usage=USAGE, copilot_usage=billed)
    body = json.dumps(last).encode() if where == "object" else stream(chunk({"content": "a"}), last)

    assert read(body).report().cost_nano == 10_000_000
