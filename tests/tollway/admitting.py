"""What a call needs to be admitted, made of real parts: for tests of the steps of `hooks.budget`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import orjson

from tollway.accounting import Accounting
from tollway.candidate import Candidate
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import Endpoint, Kind
from tollway.policy.limits import Limits
from tollway.policy.load import load
from tollway.prices import PriceBook
from tollway.providers.load import load as load_providers
from tollway.quarantine import Quarantine
from tollway.rerouting import Request
from tollway.wire import DIALECTS

NOW_US = 1_795_521_600_000_000
"""2026-11-24 12:00 UTC."""
BODY = {"model": "gpt-4o", "max_tokens": 1000, "messages": [{"role": "user", "content": "say hi"}]}
HOLD = 25_993_000
"""Nano-dollars: 2,116 tokens of input at 4,250 (priority), 1,000 of output at 17,000."""
REQUEST = Request(method="POST", port=443, path="/v1/chat/completions", headers={})
ENDPOINT = Endpoint(
    kind=Kind.INFERENCE,
    provider="openai",
    host="api.openai.com",
    operation="chat",
    dialect="openai_chat",
    errors="openai_chat",
)


def asked(
    body: Mapping[str, Any] = BODY, id: str = "c1", endpoint: Endpoint = ENDPOINT, **known: Any
) -> Exchange:
    """A call that was read."""
    made = Exchange(id=id, started_us=NOW_US, endpoint=endpoint, host=endpoint.host)
    made.body = orjson.dumps(body)
    made.media_type = "application/json"
    made.parsed = dict(body)
    made.dialect = DIALECTS[endpoint.dialect]
    made.asked = made.dialect.read_request(endpoint, body)
    made.request_bytes = len(made.body)
    for name, value in known.items():
        setattr(made, name, value)
    return made


def governing(text: str, environment: Mapping[str, str] | None = None) -> Governing:
    """A policy in force, after its version."""
    policy = load(f"version: 1\n{text}", "p.yaml")
    accounting = Accounting(PriceBook(), lambda: NOW_US / 1_000_000)
    registry = load_providers(policy.provider_rows())
    made = Governing(accounting, registry, Quarantine(), environment or {})
    made.swap(policy, Limits(policy))
    return made


def candidate(policy: Governing, call: Exchange | None = None) -> Candidate:
    """The call under the policy."""
    return policy.candidates.any(call or asked())


@asynccontextmanager
async def keeping(path: Path, policy: Governing) -> AsyncIterator[SqliteLedger]:
    """A ledger that keeps the policy's limits."""
    with closing(SqliteLedger(path)) as ledger:
        await ledger.adopt(policy.limits, NOW_US)
        yield ledger
