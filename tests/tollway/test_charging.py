"""A call's row, for every way it can end: what it used, what that costs, and where the figure comes from.

gpt-4o costs 2.50 USD per million tokens of input, 1.25 of cached input, 10 of output: 2,500, 1,250 and
10,000 nano-dollars a token. claude-sonnet-4-5: 3,000, cache reads 300, cache writes 3,750, output 15,000.
"""

from typing import Any

import pytest

from tests.tollway.charged import CLAUDE, END, START, TALK, answered, books, call, estimated, parts
from tollway.charging import Charging
from tollway.exchange import Exchange
from tollway.model import AWAITED, RETRIEVE, Asked, Billing, CallRecord, Cost, Kind, Source, Usage
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

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


def closed(
    known: Exchange, status: int | None = 200, cut: bool = False, by: Charging | None = None
) -> CallRecord:
    """The row of a call that needs no estimate."""
    record = (by or books()).closed(known, status, cut, END)
    assert record is not None
    return record


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


def test_one_that_failed_in_the_background_costs_nothing() -> None:
    """Without usage: in the row of who asked, and once. Nobody has asked for another."""
    accounts = books()
    queued = {**RESPONSE, "status": "queued", "usage": None}
    estimated(answered(call({"model": "gpt-4o"}, "openai_responses"), queued), by=accounts)
    failed = {**RESPONSE, "status": "failed", "usage": None, "error": {"code": "server_error"}}
    for id, awaited in ((RESPONSE["id"], 1), (RESPONSE["id"], 0), ("resp_other", 0)):
        shown = answered(call({}, "openai_responses", operation=RETRIEVE, id="c2"), {**failed, "id": id})
        assert closed(shown, by=accounts).cost.nano == 0
        late = accounts.late()
        assert [(row.id, row.state, row.cost, row.usage, row.error) for row in late] == [
            ("c1", "done", Cost(), Usage(), "server_error")
        ] * awaited


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
