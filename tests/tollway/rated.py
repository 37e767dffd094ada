"""Rates over the whole road: proxies of a policy, and what their rates count."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing

import httpx

from tests.tollway.calls import TALK, Call
from tests.tollway.road import Road

ASK = Call(
    "api.openai.com", "/v1/chat/completions", {"model": "gpt-4o", "max_tokens": 1000, "messages": TALK}
)
KEY = {"authorization": "Bearer made-up-key"}
Roads = Callable[[str], AbstractAsyncContextManager[Road]]

_COUNTED = """SELECT limit_name, held,
        (SELECT coalesce(sum(value), 0) FROM json_each(slots))
    FROM buckets JOIN balances ON balances.bucket = id WHERE slot_us IS NOT NULL"""


def rates(*entries: str) -> str:
    """The section, of entries without their braces."""
    return f"rates: [{', '.join(f'{{{entry}}}' for entry in entries)}]\n"


async def ask(
    client: httpx.AsyncClient, call: Call = ASK, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Make a call."""
    return await client.post(call.url, content=call.content, headers=KEY | (headers or {}))


async def counted(road: Road) -> dict[str, int]:
    """What each rate counts or holds, by its name, once all that ended is written: of a window that has not
    moved on."""
    await road.rows()
    with closing(sqlite3.connect(road.ledger_url.removeprefix("sqlite:"))) as db:
        return {name: held + within for name, held, within in db.execute(_COUNTED)}
