"""Calls that ended, and their rows."""

from typing import Any

import orjson

from tollway.charging import Charging
from tollway.exchange import Exchange
from tollway.model import Asked, CallRecord, Endpoint, Kind
from tollway.prices import PriceBook
from tollway.prices.overrides import Override
from tollway.wire import DIALECTS

START = 1_795_462_800_000_000
"""2026-11-23 19:40 UTC, in microseconds."""
END = START + 2_500_000
BOOK = PriceBook()
TALK = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}
CLAUDE = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": TALK["messages"]}


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


def opened(accounts: Charging, **known: Any) -> int:
    """The estimate of a call of 4,000 bytes, 1,000 tokens."""
    made = call(**known)
    made.body = b"x" * 4000
    return accounts.opened(made).cost.nano
