"""What a call needs to be admitted at all: its input at the dearest, and the shortest answer of any use."""

import json
from functools import cache
from typing import cast

from msgspec.structs import replace

from tests.chaos.calls import HOST, PATH, Call
from tollway import clock
from tollway.bound.bound import Bound
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.model import CallRecord
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling, Leaving
from tollway.prices.reach import speed_asked
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.wire import DIALECTS
from tollway.wire.output_floor import floor


@cache
def book() -> PriceBook:
    """The package's prices."""
    return PriceBook()


def need_nano(row: CallRecord, call: Call) -> int:
    """In nano-dollars: by the row's bound if it has one (it may be tightened), else by the bound table."""
    body = json.loads(call.body())
    endpoint = recognise(load(), HOST, 443, "POST", PATH)
    assert endpoint is not None
    asked = DIALECTS[endpoint.dialect].read_request(endpoint, body)
    bound = bound_of(endpoint, asked, body, capacity_of(endpoint.provider, asked.model))
    assert isinstance(bound, Bound), bound
    at = clock.utc(row.started_us / 1e6)
    leaving = Leaving(
        provider=endpoint.provider,
        host=HOST,
        operation=endpoint.operation,
        model=asked.model,
        speed=speed_asked(endpoint.provider, body),
        at=at,
    )
    ceiling = cast(Ceiling, book().ceiling(leaving))
    usage = bound.clamped(floor(endpoint, asked, body)).usage
    whole = ceiling.nano(usage)
    if row.bound is None or not row.bound.input_tokens:
        return whole
    tight = min(row.bound.input_tokens, usage.input_tokens or 0)
    return min(whole, ceiling.nano(replace(usage, input_tokens=tight)))
