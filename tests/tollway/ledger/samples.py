"""Calls for the ledger's tests."""

from typing import Any

from hypothesis import strategies as st

from tollway.budget.amounts import Amounts
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.model import USAGE_FIELDS, Billing, CallRecord, Cost, Source, Usage

NOON_US = 1_795_608_000_000_000
"""2026-11-25 12:00 UTC."""


def call(id: str = "a", **fields: Any) -> CallRecord:
    """A plain call, or one with these fields."""
    plain: dict[str, Any] = {
        "state": "done",
        "started_us": NOON_US,
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "usage": Usage(input_tokens=100, output_tokens=10),
        "cost": Cost(input_nano=300_000, output_nano=150_000, source=Source.COMPUTED),
    }
    return CallRecord(id=id, **{**plain, **fields})


FULL = CallRecord(
    id="full",
    state="done",
    started_us=NOON_US,
    first_byte_us=NOON_US + 700_000,
    ended_us=NOON_US + 5_000_001,
    client="10.1.2.3",
    network="office",
    user="ann@example.com",
    team="research",
    role="lead",
    service="ci",
    groups=("a", "b"),
    claims={"cost_center": "4711"},
    identity="proxy_jwt",
    verified=True,
    program="claude-cli",
    credential="k:0f1e2d3c",
    provider="anthropic",
    host="api.anthropic.com",
    operation="chat",
    model_asked="claude-sonnet-latest",
    model="claude-sonnet-4-5",
    model_served="claude-sonnet-4-5-20250929",
    tier="standard",
    usage=Usage(**{name: n for n, name in enumerate(USAGE_FIELDS)}),
    max_output_tokens=32_000,
    cache="join",
    saved_nano=65_432,
    findings=(Finding(kind="email", at="/messages/0/content", mark="0f", do=Do.REDACT, by="mail"),),
    tags={"project": "apollo", "env": "ci"},
    cost=Cost(
        input_nano=1,
        cache_read_nano=20,
        cache_write_nano=300,
        output_nano=4_000,
        other_nano=50_000,
        source=Source.PROVIDER,
        price_version="anthropic 2026-11-01",
        flags=("unknown_price", "estimated_input"),
    ),
    billing=Billing.NOTIONAL,
    status=200,
    stream=True,
    request_bytes=60_000,
    response_bytes=7_000_000_000,
    session="5e0b0a6e",
    account="acc-1",
    response_id="msg_1",
    error="abandoned",
    limits=("team-month", "intern-day"),
    bound=Amounts(nano=60_000, input_tokens=4_096, output_tokens=64_000, requests=1),
    action="clamp 4096, wait 1.2 s",
)
"""A call of which everything is known."""

_counts = st.none() | st.integers(0, 10**12)
_amounts = st.integers(0, 10**15)
_costs = st.builds(
    Cost,
    input_nano=_amounts,
    cache_read_nano=_amounts,
    cache_write_nano=_amounts,
    output_nano=_amounts,
    other_nano=_amounts,
    source=st.sampled_from(Source),
)
_words = st.none() | st.sampled_from(["a", "b", "ä ö", "x'y\"z"])
_names = st.sampled_from(["id1", "id2", "id3", "id4", "id5", "id6"])


@st.composite
def calls(draw: st.DrawFn) -> CallRecord:
    """Calls that happen twice, with few different values, so that groups and upserts have several."""
    usage = draw(st.dictionaries(st.sampled_from(USAGE_FIELDS), _counts, max_size=5))
    return CallRecord(
        id=draw(_names),
        state=draw(st.sampled_from(["open", "done", "lost"])),
        started_us=NOON_US + 3_600_000_000 * draw(st.integers(-30, 30)) + draw(st.integers(0, 2)),
        provider=draw(st.sampled_from(["openai", "gemini"])),
        operation=draw(st.sampled_from(["chat", "retrieve"])),
        groups=draw(st.sampled_from([(), ("g",), ("g", "h")])),
        model=draw(_words),
        program=draw(_words),
        usage=Usage(**usage),
        tags=draw(st.dictionaries(st.sampled_from(["project", "env"]), st.sampled_from(["x", "y"]))),
        cost=draw(_costs),
        billing=draw(st.sampled_from(Billing)),
        status=draw(st.none() | st.sampled_from([200, 429])),
    )
