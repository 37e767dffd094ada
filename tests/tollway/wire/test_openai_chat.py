"""Chat's requests, objects and streams are read as their providers mean them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Portion, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.openai_chat import OpenAIChat

CHAT = OpenAIChat()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_chat")
XAI = Endpoint(kind=Kind.INFERENCE, provider="xai", host="api.x.ai", habits=frozenset({"reasoning_extra"}))
USAGE = {"prompt_tokens": 14, "completion_tokens": 8, "total_tokens": 22}
USED = Usage(input_tokens=14, output_tokens=8)


def chunk(*deltas: dict[str, Any], **more: Any) -> dict[str, Any]:
    choices = [{"index": i, "delta": delta, "finish_reason": None} for i, delta in enumerate(deltas)]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-4o-2024-08-06"}
    return {**head, "choices": choices, **more}


def stream(*chunks: dict[str, Any], done: bool = True, compact: bool = True) -> bytes:
    separators = (",", ":") if compact else (", ", ": ")
    frames = [f"data: {json.dumps(c, separators=separators)}\n\n" for c in chunks]
    return "".join([*frames, "data: [DONE]\n\n" if done else ""]).encode()


def read(body: bytes, places: list[int] | None = None, at: Endpoint = HERE) -> Reader:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    reader = CHAT.reader(at, Asked(), {})
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


PLAIN = stream(
    chunk({"role": "assistant", "content": "", "refusal": None}, usage=None),
    chunk({"content": "The"}, usage=None),
    chunk({"content": ' "quoted\\" é😀'}, usage=None),
    chunk({}, usage=None),
    chunk(usage=USAGE, service_tier="default"),
)


def test_an_object_reports() -> None:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "service_tier": "priority",
        "choices": [{"message": {"role": "assistant", "content": "Hello."}}],
        "usage": USAGE,
    }

    reader = read(json.dumps(body).encode())

    assert reader.report() == Report(
        usage=USED, model="gpt-4o-2024-08-06", tier="priority", id="chatcmpl-1", complete=True
    )
    assert reader.delivered() == b"Hello."


def test_a_stream_reports() -> None:
    reader = read(PLAIN)

    assert reader.report() == Report(
        usage=USED, model="gpt-4o-2024-08-06", tier="default", id="chatcmpl-1", complete=True
    )
    assert reader.delivered() == 'The "quoted\\" é😀'.encode()


USAGES = st.sampled_from([None, USAGE, {"prompt_tokens": 0, "completion_tokens": 0}])
DELTAS = st.dictionaries(
    st.sampled_from(["content", "reasoning_content", "role"]),
    st.none()
    | st.text(max_size=5)
    | st.sampled_from(['"usage":{"prompt_tokens":9}', "\\", '"', "\n\ndata: x\n\n"]),
    max_size=2,
)


@given(
    st.lists(st.builds(lambda d, u: chunk(*d, usage=u), st.lists(DELTAS, max_size=2), USAGES), max_size=6),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 4000), max_size=8),
)
def test_any_cutting_of_a_stream_gives_the_same(
    chunks: list[dict[str, Any]], done: bool, compact: bool, places: list[int]
) -> None:
    body = stream(*chunks, done=done, compact=compact)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report()
    assert cut.delivered() == whole.delivered()
    reported = [c["usage"] for c in chunks if c["usage"]]
    expected = reported[-1] if reported else {}
    assert whole.report().usage == (
        Usage(input_tokens=expected["prompt_tokens"], output_tokens=expected["completion_tokens"])
        if expected
        else None
    )
    texts = [v for c in chunks for k in c["choices"] for n, v in k["delta"].items() if v and n != "role"]
    assert whole.delivered() == "".join(texts).encode()


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_whatever_comes_nothing_is_raised(body: bytes, places: list[int]) -> None:
    for opening in (b"", b"{", b"data: ", b'data: {"usage":', b'{"usage":'):
        reader = read(opening + body, places)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], [1], [None], {"a": 1}, [{"delta": 1}], [{"delta": {"content": 1}}]]
)
@pytest.mark.parametrize(
    "name", ["choices", "usage", "x_groq", "usage_breakdown", "model", "id", "service_tier"]
)
def test_wrong_types_are_absent(name: str, value: object) -> None:
    if name in ("model", "id", "service_tier") and isinstance(value, str):
        return
    body = {**chunk({}), name: value}

    for text in (json.dumps(body).encode(), stream(body, done=False)):
        report = read(text).report()
        assert report.usage is None
        assert (report.portions, report.error, report.tier) == ((), None, None)


def test_usage_in_the_middle_of_a_stream_is_taken_and_null_takes_nothing_away() -> None:
    body = stream(
        chunk({"content": "a"}, usage=USAGE), chunk({"content": "b"}, usage=None), chunk({"content": "c"})
    )

    report = read(body).report()

    assert report.usage == USED
    assert report.complete


def test_the_last_usage_counts_where_each_chunk_has_one() -> None:
    growing = [chunk({"content": "a"}, usage={"prompt_tokens": 14, "completion_tokens": n}) for n in range(8)]

    report = read(stream(*growing, chunk(usage=USAGE))).report()

    assert report.usage == USED


def test_usage_on_a_last_chunk_that_still_has_choices_is_taken() -> None:
    report = read(stream(chunk({"content": ""}, usage=USAGE), done=False)).report()

    assert report.usage == USED
    assert not report.complete


def test_a_chunk_of_usage_alone_is_the_end() -> None:
    assert read(stream(chunk(usage=USAGE), done=False)).report().complete
    assert not read(stream(chunk(prompt_filter_results=[]), done=False)).report().complete


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


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (
            {"error": {"message": "secret text", "type": "invalid_request_error", "code": "x"}},
            "invalid_request_error",
        ),
        ({"error": {"message": "secret text", "type": None, "code": "model_not_found"}}, "model_not_found"),
        ({"error": {"message": "secret text", "code": 429}}, "429"),
        ({"error": {"message": "secret text", "type": "a secret text"}}, "error"),
        ({"error": "secret text"}, "error"),
        ({"error": {}}, None),
        ({"error": None}, None),
        (
            {"object": "error", "message": "secret text", "type": "BadRequestError", "code": 40303},
            "BadRequestError",
        ),
        ({"detail": "secret text"}, None),
    ],
)
def test_of_an_error_the_type_is_told_and_never_the_text(error: dict[str, Any], kind: str | None) -> None:
    for body in (json.dumps(error).encode(), stream(chunk({"content": "a"}), error, done=False)):
        report = read(body).report()
        assert report.error == kind
        assert report.usage is None
        assert "secret" not in repr(report)


def test_an_error_ends_a_stream() -> None:
    body = (
        stream(chunk({"content": "a"}), done=False)
        + b'event: error\ndata: {"error":{"type":"server_error"}}\n\n'
    )

    report = read(body).report()

    assert (report.error, report.complete) == ("server_error", True)


def test_a_late_chunk_that_is_an_error_by_its_object_is_seen() -> None:
    chunks = [chunk({"content": "a"})] * 6

    report = read(stream(*chunks, {"object": "error", "type": "InternalError"}, done=False)).report()

    assert report.error == "InternalError"


def test_a_last_chunk_without_its_blank_line_counts() -> None:
    report = read(stream(chunk({"content": "a"}), chunk(usage=USAGE), done=False).rstrip()).report()

    assert (report.usage, report.complete) == (USED, True)
    assert read(PLAIN.rstrip()).report().complete


def test_texts_of_every_kind_are_delivered() -> None:
    body = stream(
        chunk({"reasoning_content": "R1"}),
        chunk({"content": "", "reasoning": "R2"}),
        chunk({"content": "C"}, {"content": "D"}),
        chunk({"refusal": "F"}),
        chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": '{"a":'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}),
        chunk({"content": [{"type": "text", "text": "L"}]}),
    )

    assert read(body).delivered() == b'R1R2CDF{"a":1}L'


def test_texts_before_a_cut_are_delivered() -> None:
    assert read(PLAIN[: len(PLAIN) // 2]).delivered() == b"The"


@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", "text/html", ""])
def test_what_an_answer_is_shows_in_its_first_byte_not_in_its_content_type(content_type: str) -> None:
    for body, complete in (
        (b'\r\n {"usage": {"prompt_tokens": 3}}', True),
        (b"\n\n" + PLAIN, True),
        (b"<html>", False),
    ):
        reader = CHAT.reader(HERE, Asked(stream=True), {"content-type": content_type})
        reader.feed(body)
        assert reader.report().complete == complete


def test_before_anything_came_nothing_is_known() -> None:
    reader = read(b"  ")

    assert reader.report() == Report()
    assert reader.delivered() == b""


def test_a_request_is_read() -> None:
    body = {
        "model": "gpt-5",
        "stream": True,
        "max_completion_tokens": 9,
        "service_tier": "flex",
        "prompt_cache_key": "k",
    }

    assert CHAT.read_request(HERE, body) == Asked(
        model="gpt-5", stream=True, max_output_tokens=9, reports_usage=False, tier="flex", session="k"
    )


@pytest.mark.parametrize(
    ("body", "reports"),
    [
        ({}, True),
        ({"stream": False}, True),
        ({"stream": True}, False),
        ({"stream": True, "stream_options": None}, False),
        ({"stream": True, "stream_options": {"include_usage": False}}, False),
        ({"stream": True, "stream_options": {"include_usage": "true"}}, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True),
    ],
)
def test_a_stream_reports_usage_only_if_asked(body: dict[str, Any], reports: bool) -> None:
    assert CHAT.read_request(HERE, body).reports_usage == reports


def test_the_texts_are_what_the_model_reads() -> None:
    body = {
        "model": "m",
        "messages": [
            {"role": "system", "content": "S"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "U"}, {"type": "image_url", "image_url": {"url": "I"}}],
            },
            {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    }

    assert list(CHAT.texts(body)) == ["S", "U", "f", "{}", "f", '{"type":"object"}']


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    error = json.loads(CHAT.error(403, "no", "limit_reached"))["error"]

    assert error == {"message": "no", "type": "permission_error", "param": None, "code": "limit_reached"}
