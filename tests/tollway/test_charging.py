"""A call's row, for every way it can end: what it used, what that costs, and where the figure comes from.

gpt-4o costs 2.50 USD per million tokens of input, 1.25 of cached input, 10 of output: 2,500, 1,250 and
10,000 nano-dollars a token. claude-sonnet-4-5: 3,000, cache reads 300, cache writes 3,750, output 15,000.
"""

from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from tollway import charging
from tollway.charging import Charging, guess_by_size
from tollway.exchange import Exchange
from tollway.model import AWAITED, RETRIEVE, Asked, Billing, CallRecord, Cost, Endpoint, Kind, Source, Usage
from tollway.prices import PriceBook
from tollway.prices.overrides import Override
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

START = 1_795_462_800_000_000
"""2026-11-23 19:40 UTC, in microseconds."""
END = START + 2_500_000
BOOK = PriceBook()

TALK = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}
CLAUDE = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": TALK["messages"]}
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "prompt_tokens_details": {"cached_tokens": 400}}
ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hello there"}, "finish_reason": "stop"}
    ],
}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "model": "gpt-4o-2024-08-06",
    "status": "completed",
    "output": [],
    "usage": {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110},
}


def books(*overrides: dict[str, Any], book: PriceBook = BOOK) -> Charging:
    """Charging at these prices."""
    chosen = PriceBook([Override.model_validate(row) for row in overrides]) if overrides else book
    return Charging(chosen)


def call(
    body: dict[str, Any] | None = TALK,
    dialect: str = "openai_chat",
    *,
    provider: str = "openai",
    operation: str = "chat",
    kind: Kind = Kind.INFERENCE,
    left: bool = True,
    **known: Any,
) -> Exchange:
    """A call that was read, and left."""
    endpoint = Endpoint(
        kind=kind,
        provider=provider,
        host="host",
        operation=operation,
        dialect=dialect if body is not None else "",
        shows_again=dialect == "openai_responses",
    )
    content = orjson.dumps(body) if body is not None else None
    made = Exchange(id="c1", started_us=START, endpoint=endpoint, host="host", left=left, body=content)
    made.request_bytes = len(content or b"")
    if body is not None:
        made.dialect = DIALECTS[dialect]
        made.asked = made.dialect.read_request(endpoint, body)
    for name, value in known.items():
        setattr(made, name, value)
    return made


def answered(
    known: Exchange, answer: bytes | dict[str, Any], content_type: str = "application/json"
) -> Exchange:
    """The call, with what came back."""
    content = answer if isinstance(answer, bytes) else orjson.dumps(answer)
    assert known.dialect is not None
    headers = {"content-type": content_type}
    known.reader = known.dialect.reader(known.endpoint, known.asked or Asked(), headers)
    known.reader.feed(content)
    known.response_bytes = len(content)
    return known


def closed(
    known: Exchange, status: int | None = 200, cut: bool = False, by: Charging | None = None
) -> CallRecord:
    """The row of a call that needs no estimate."""
    record = (by or books()).closed(known, status, cut, END)
    assert record is not None
    return record


def estimated(
    known: Exchange, cut: bool = False, status: int = 200, by: Charging | None = None
) -> CallRecord:
    """The row of a call that needs one."""
    charging = by or books()
    assert charging.closed(known, status, cut, END) is None
    assert known.reader is not None
    report, delivered = known.reader.report(), known.reader.delivered()
    guess = charging.guess(known, report, delivered)
    return charging.estimated(known, report, delivered, guess, status=status, cut=cut, ended_us=END)


def parts(record: CallRecord) -> list[int]:
    """Input, cache read, cache write, output, other."""
    cost = record.cost
    return [cost.input_nano, cost.cache_read_nano, cost.cache_write_nano, cost.output_nano, cost.other_nano]


def test_what_was_reported_is_priced() -> None:
    """600 * 2,500 + 400 * 1,250 + 200 * 10,000 = 4,000,000: 0.4 cents."""
    record = closed(answered(call(), {**ANSWER, "usage": USAGE}))

    assert parts(record) == [1_500_000, 500_000, 0, 2_000_000, 0]
    assert record.cost.source is Source.COMPUTED
    assert record.usage.known() == {"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 200}
    assert (record.state, record.status, record.error) == ("done", 200, None)
    assert (record.started_us, record.ended_us) == (START, END)
    assert (record.model_asked, record.model, record.model_served) == (
        "gpt-4o",
        "gpt-4o",
        "gpt-4o-2024-08-06",
    )
    assert record.response_id == "chatcmpl-1"


def test_cache_writes_are_parts_of_the_input() -> None:
    """Anthropic: 100 * 3,000 + 1,000 * 300 + 200 * 3,750 + 50 * 15,000 = 2,100,000; its input is 1,300."""
    usage = {
        "input_tokens": 100,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 200,
        "output_tokens": 50,
    }
    answer = {
        "id": "msg_1",
        "type": "message",
        "model": "claude-sonnet-4-5-20250929",
        "content": [],
        "usage": usage,
    }
    record = closed(answered(call(CLAUDE, "anthropic_messages", provider="anthropic"), answer))

    assert parts(record) == [300_000, 300_000, 750_000, 750_000, 0]
    assert record.usage.input_tokens == 1300
    assert record.max_output_tokens == 64


def test_a_providers_own_cost_comes_before_ours() -> None:
    """0.0123 USD as OpenRouter says, though its list would make it 4,000,000 nano-dollars."""
    known = call({**TALK, "model": "openai/gpt-4o"}, provider="openrouter")
    record = closed(answered(known, {**ANSWER, "usage": {**USAGE, "cost": 0.0123}}))

    assert (record.cost.nano, record.cost.source) == (12_300_000, Source.PROVIDER)


def test_an_error_with_usage_is_billed() -> None:
    """The provider charges for it, whatever its status."""
    record = closed(answered(call(), {**ANSWER, "usage": USAGE}), 500)

    assert (record.cost.nano, record.status) == (4_000_000, 500)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 529])
def test_an_error_without_usage_costs_nothing(status: int) -> None:
    """Its type is kept, its text is not."""
    error = {"error": {"message": "the prompt was: say hi", "type": "invalid_request_error", "code": None}}
    record = closed(answered(call(), error), status)

    assert (record.cost.nano, record.cost.source, record.status) == (0, Source.NONE, status)
    assert record.usage == Usage()
    assert "say hi" not in str(record)


CHUNK = {
    "id": "chatcmpl-2",
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "delta": {"content": "Hello there"}}],
}
STREAM = b"data: %s\n\n" % orjson.dumps(CHUNK)


@pytest.mark.parametrize(
    ("cut", "more", "error"), [(True, {}, "cut"), (True, {"abandoned": True}, "abandoned"), (False, {}, None)]
)
def test_a_stream_without_usage_is_estimated_from_its_texts(
    cut: bool, more: dict[str, Any], error: str | None
) -> None:
    """ "say hi" and "Hello there" are 2 tokens each; around the one text 4, and 3 a call: 2 + 4 + 3 = 9.

    9 * 2,500 + 2 * 10,000 = 42,500.
    """
    known = answered(call({**TALK, "stream": True}, **more), STREAM, "text/event-stream")
    record = estimated(known, cut)

    assert record.usage.known() == {"input_tokens": 9, "output_tokens": 2}
    assert parts(record) == [22_500, 0, 0, 20_000, 0]
    assert (record.cost.source, record.error, record.stream) == (Source.ESTIMATED, error, True)


def test_a_cut_answer_keeps_what_it_had_reported() -> None:
    """Anthropic's first event: 25 in, 1 out as a placeholder; eighty words came after it."""
    usage = {"input_tokens": 25, "output_tokens": 1}
    message = {"id": "msg_2", "model": "claude-sonnet-4-5-20250929", "usage": usage}
    start = {"type": "message_start", "message": message}
    text = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word " * 80}}
    stream = b"".join(b"data: %s\n\n" % orjson.dumps(event) for event in (start, text))
    known = call({**CLAUDE, "stream": True}, "anthropic_messages", provider="anthropic")
    record = estimated(answered(known, stream, "text/event-stream"), cut=True)

    assert record.usage.input_tokens == 25
    assert record.usage.output_tokens is not None
    assert 80 <= record.usage.output_tokens <= 120
    assert record.cost.output_nano == record.usage.output_tokens * 15_000
    assert record.cost.input_nano == 75_000


def test_json_that_broke_off_is_estimated_by_its_size() -> None:
    """401 bytes at four a token, rounded up: 101 * 10,000 for the output; 9 * 2,500 for the input."""
    record = estimated(answered(call(), b'{"id": "' + b"x" * 393), cut=True)

    assert record.usage.output_tokens == 101
    assert parts(record) == [22_500, 0, 0, 1_010_000, 0]


def test_a_request_that_is_no_json_is_estimated_by_its_bytes() -> None:
    """398 bytes at four a token, rounded up: 100 * 2,500."""
    known = answered(call({**TALK, "stream": True}), STREAM, "text/event-stream")
    known.body = b"[" * 398
    record = estimated(known, cut=True)

    assert record.usage.input_tokens == 100
    assert record.cost.input_nano == 250_000
    assert record.cost.source is Source.ESTIMATED


def test_where_texts_can_not_be_counted_bytes_are() -> None:
    """400 bytes of a request, 42 of an answer."""
    known = call()
    known.body = b"x" * 400

    assert guess_by_size(known, b"x" * 42) == Usage(input_tokens=100, output_tokens=10)


@pytest.mark.parametrize(
    ("known", "cost"),
    [
        (call(), Cost(input_nano=42_500, output_nano=1_000_000, source=Source.ESTIMATED)),
        (call(None, kind=Kind.UNKNOWN), Cost(flags=("unknown_call",))),
        (call(left=False), Cost()),
    ],
    ids=["inference", "unknown", "not left"],
)
def test_a_call_that_our_own_code_failed_on_is_charged_by_its_bytes(known: Exchange, cost: Cost) -> None:
    """66 bytes asked, 17 tokens at 2,500; 400 answered, 100 at 10,000."""
    known.response_bytes = 400
    record = books().failed(known, 200, END)

    assert replace(record.cost, price_version="") == cost
    assert (record.error, record.state, record.ended_us) == ("tollway_failed", "done", END)


def test_a_request_without_any_answer_costs_its_input() -> None:
    """A body of 400 bytes is 100 tokens, at four a token: 100 * 2,500 = 250,000."""
    known = call()
    known.body = b"x" * 400
    record = closed(known, None, cut=True)

    assert parts(record) == [250_000, 0, 0, 0, 0]
    assert record.usage.known() == {"input_tokens": 100}
    assert (record.cost.source, record.status, record.error) == (Source.ESTIMATED, None, "cut")


@pytest.mark.parametrize(
    ("known", "cut", "error"),
    [
        ({"error": "upgrade_required"}, False, "upgrade_required"),
        ({}, True, "not_connected"),
        ({"abandoned": True}, True, "abandoned"),
    ],
    ids=["refused", "not connected", "left before"],
)
def test_what_did_not_leave_costs_nothing(known: dict[str, Any], cut: bool, error: str) -> None:
    """Whatever ended it."""
    record = closed(call(left=False, **known), None, cut)

    assert (record.cost.nano, record.cost.source, record.error) == (0, Source.NONE, error)
    assert record.usage == Usage()


@pytest.mark.parametrize(
    ("status", "flags"), [(200, ("unknown_call",)), (None, ("unknown_call",)), (400, ())]
)
def test_a_call_that_no_dialect_reads_is_never_silently_free(
    status: int | None, flags: tuple[str, ...]
) -> None:
    """Its row says so from the start; an error costs nothing for sure."""
    known = call(None, kind=Kind.UNKNOWN, operation="")
    accounts = books()

    assert accounts.opened(known).cost.flags == ("unknown_call",)
    record = closed(known, status, cut=status is None, by=accounts)
    assert (record.cost.nano, record.cost.source, record.cost.flags) == (0, Source.NONE, flags)
    assert record.operation == "unknown"
    assert record.usage == Usage()


def test_a_free_call_costs_nothing_however_it_ends() -> None:
    """It has a row for what guardrails found in it."""
    known = call(None, kind=Kind.PASS, operation="count_tokens")

    assert closed(known).cost == books().failed(known, 200, 0).cost == Cost()


def test_an_answer_that_nothing_could_read_costs_its_input() -> None:
    """No reader: an answer in a coding that nobody knows."""
    known = call()
    known.body = b"x" * 400

    assert closed(known).cost.nano == 250_000


def test_an_answer_is_billed_once_however_often_it_is_shown() -> None:
    """A background answer: 100 * 2,500 + 10 * 10,000 = 350,000 at its first GET, then nothing."""
    accounts = books()

    def shown(answer: dict[str, Any]) -> CallRecord:
        known = answered(call({}, "openai_responses", operation=RETRIEVE), answer)
        return closed(known, by=accounts)

    running = {**RESPONSE, "status": "in_progress", "usage": None}
    rows = [shown(running), shown(RESPONSE), shown(RESPONSE), shown({**RESPONSE, "id": "resp_2"})]

    assert [row.cost.nano for row in rows] == [0, 350_000, 0, 350_000]
    assert [row.usage.output_tokens for row in rows] == [None, 10, None, 10]
    assert {row.model for row in rows} == {"gpt-4o-2024-08-06"}


def test_an_answer_that_was_billed_when_it_was_made_is_not_billed_when_shown() -> None:
    """Making it twice under one id is billed twice: only a GET shows what was there."""
    accounts = books()
    made = [
        closed(answered(call({"model": "gpt-4o"}, "openai_responses"), RESPONSE), by=accounts) for _ in "ab"
    ]
    shown = closed(answered(call({}, "openai_responses", operation=RETRIEVE), RESPONSE), by=accounts)

    assert [row.cost.nano for row in [*made, shown]] == [350_000, 350_000, 0]


def test_an_answer_made_in_the_background_is_billed_in_the_row_of_who_asked() -> None:
    """Queued: its input's estimate. Shown with its usage: 350,000 there, and nothing for who looked."""
    accounts = books()
    queued = {**RESPONSE, "status": "queued", "usage": None}
    asked = answered(call({"model": "gpt-4o", "input": "hi"}, "openai_responses", tags={"a": "b"}), queued)
    row = estimated(asked, by=accounts)
    assert (row.cost.source, row.cost.flags) == (Source.ESTIMATED, (AWAITED,))
    assert accounts.late() == []

    shown = answered(call({}, "openai_responses", operation=RETRIEVE, id="c2"), RESPONSE)
    looked = closed(shown, by=accounts)
    (late,) = accounts.late()

    assert (looked.id, looked.cost.nano, looked.usage) == ("c2", 0, Usage())
    assert (late.id, late.tags, late.operation, late.state) == ("c1", {"a": "b"}, "chat", "done")
    assert (late.cost.nano, late.cost.source, late.cost.flags) == (350_000, Source.COMPUTED, ())
    assert (late.usage.output_tokens, late.model_served) == (10, "gpt-4o-2024-08-06")
    assert accounts.late() == []
    assert closed(shown, by=accounts).cost.nano == 0


def test_what_a_flat_plan_covers_is_priced_at_the_list() -> None:
    """4,000,000 at list price, of which nobody pays anything; a tenth off is for those who pay."""
    tenth_off = {"provider": "openai", "discount": "10%"}
    rows = [
        closed(answered(call(billing=billing), {**ANSWER, "usage": USAGE}), by=books(tenth_off))
        for billing in (Billing.NOTIONAL, Billing.METERED)
    ]

    assert [(row.billing, row.cost.nano) for row in rows] == [
        (Billing.NOTIONAL, 4_000_000),
        (Billing.METERED, 3_600_000),
    ]


def test_an_open_row_is_charged_at_its_inputs_estimate() -> None:
    """400 bytes, 100 tokens, 250,000: what stays of a call whose process dies."""
    known = call(client="10.0.0.1", program="curl", credential="00ff", tags={"env": "ci"})
    known.body = b"x" * 400
    record = books().opened(known)

    assert (record.state, record.ended_us, record.status) == ("open", None, None)
    assert (record.cost.nano, record.cost.source) == (250_000, Source.ESTIMATED)
    assert (record.client, record.program, record.credential) == ("10.0.0.1", "curl", "00ff")
    assert (record.tags, record.provider, record.host) == ({"env": "ci"}, "openai", "host")


def test_a_body_that_was_not_decoded_counts_as_it_came() -> None:
    """4,000 bytes are 1,000 tokens: 2,500,000."""
    known = call(request_bytes=4000)
    known.body = None

    assert books().opened(known).cost.nano == 2_500_000


def opened(accounts: Charging, **known: Any) -> int:
    """The estimate of a call of 4,000 bytes, 1,000 tokens."""
    made = call(**known)
    made.body = b"x" * 4000
    return accounts.opened(made).cost.nano


def test_an_estimate_is_at_the_calls_own_tier() -> None:
    """gpt-5 costs 1.25 USD per million tokens of input, 0.625 in the flex tier; the order does not matter."""
    body = {"model": "gpt-5", "messages": TALK["messages"]}
    flex = {**body, "service_tier": "flex"}

    for order in ([flex, body, flex], [body, flex, body]):
        accounts = books()
        expected = [625_000 if asked is flex else 1_250_000 for asked in order]
        assert [opened(accounts, body=asked) for asked in order] == expected


def test_an_estimate_is_at_the_price_of_its_time() -> None:
    """An agreed price ends with its day; rates are not kept over it."""
    accounts = books({"model": "gpt-4o", "until": "2026-11-23", "input": 1, "output": 1})
    next_day = START + 5 * 3_600_000_000

    assert opened(accounts) == 1_000_000
    assert opened(accounts, started_us=next_day) == 2_500_000


def test_rates_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of models come from callers."""
    monkeypatch.setattr(charging, "REMEMBERED_RATES", 3)
    accounts = books()
    for n in range(20):
        opened(accounts, body={**TALK, "model": f"made-up-{n}"})

    assert len(accounts._input_rates) <= 4
    assert opened(accounts) == 2_500_000


@pytest.mark.parametrize("name", ["body", "parsed", "reader", "settled", "error"])
def test_making_a_row_changes_nothing_of_the_exchange(name: str) -> None:
    """Hooks do that."""
    known = answered(call(), {**ANSWER, "usage": USAGE})
    before = getattr(known, name)
    closed(known)

    assert getattr(known, name) is before


DRAW = {"model": "gpt-image-2", "prompt": "a toll road", "n": 2}
FORM = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--x\r\n'
FILE = (
    b'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(2_400_000) + b"\r\n--x--\r\n"
)


def upload() -> Exchange:
    """2.4 MB of sound, which are ten minutes of it."""
    made = call({}, "openai_transcriptions", operation="transcription")
    made.body, made.media_type = FORM + FILE, "multipart/form-data; boundary=x"
    fields = parsed(made.body, made.media_type)
    assert fields is not None
    made.asked = DIALECTS["openai_transcriptions"].read_request(made.endpoint, fields)
    return made


@pytest.mark.parametrize("status", [None, 200])
def test_an_upload_costs_its_seconds_and_never_its_bytes(status: int | None) -> None:
    """600 * 100,000 nano-dollars: before it leaves, if nothing comes back, and if what comes says nothing."""
    charging, made = books(), upload()

    opened = charging.opened(made)
    row = charging.closed(made, status, True, END) if status is None else None
    if row is None:
        reader = DIALECTS["openai_transcriptions"].reader(made.endpoint, made.asked or Asked(), {})
        report, delivered = reader.report(), reader.delivered()
        guess = charging.guess(made, report, delivered)
        row = charging.estimated(made, report, delivered, guess, status=status, cut=True, ended_us=END)

    assert opened.cost.nano == row.cost.nano == 60_000_000
    assert row.usage == Usage(seconds=600)
    assert row.cost.source is Source.ESTIMATED


def test_images_that_broke_off_cost_what_was_asked_for_and_never_their_bytes() -> None:
    """2 * $0.25, the dearest, as nobody said how many tokens they took."""
    charging, made = books(), call(DRAW, "openai_images", operation="images", response_bytes=3_000_000)
    reader = DIALECTS["openai_images"].reader(made.endpoint, made.asked or Asked(), {})
    reader.feed(b'{"created":1,"data":[{"b64_json":"' + b"A" * 1000)
    report = reader.report()

    guess = charging.guess(made, report, b"")
    row = charging.estimated(made, report, b"", guess, status=200, cut=True, ended_us=END)

    assert (row.usage, row.cost.nano, row.cost.source) == (Usage(images=2), 500_000_000, Source.ESTIMATED)
