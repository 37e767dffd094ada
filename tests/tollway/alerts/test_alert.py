import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from tollway.alerts.alert import Alert, bound_violated, document, found, level_reached, refused_first
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.model import CallRecord, Cost

NOON = 1_795_521_600_000_000
"""2026-11-24T12:00:00Z."""
START, END = 1_793_491_200_000_000, 1_796_083_200_000_000
"""November 2026, UTC."""
LIMIT: dict[str, Any] = {"limit": "team-month", "key": "team-month abc", "values": {"team": "blue"}}


def balance(settled: int, amount: int, held: int = 0, **bucket: Any) -> Balance:
    usual = LIMIT | {"unit": Unit.USD, "start_us": START, "end_us": END}
    return Balance(
        bucket=Bucket(**(usual | bucket)), amount=amount, enforce=Enforce.HARD, settled=settled, held=held
    )


def test_a_level_that_was_reached() -> None:
    alert = level_reached(balance(2_400_500_000_000, 3000_000_000_000, held=7_000_000_000), 80, NOON)

    assert document(alert) == {
        "text": "Tollway: the limit team-month (team blue) has reached 80%: 2400.5 USD of 3000 USD",
        "kind": "level",
        "at": "2026-11-24T12:00:00Z",
        "level": 80,
        "limit": "team-month",
        "bucket": {"team": "blue"},
        "settled": "2400.5",
        "held": "7",
        "amount": "3000",
        "unit": "USD",
        "from": "2026-11-01T00:00:00Z",
        "until": "2026-12-01T00:00:00Z",
    }


def test_the_readmes_example_is_one() -> None:
    text = (Path(__file__).parents[3] / "policies" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)

    said = document(level_reached(balance(2_400_500_000_000, 3000_000_000_000, held=7_000_000_000), 80, NOON))

    assert orjson.loads(example) == said


def test_the_first_refusal_says_what_calls_in_flight_hold() -> None:
    """Of tokens, over a rolling window, in one bucket for all."""
    rolling = {"unit": Unit.INPUT, "values": {}, "start_us": 0, "end_us": None, "rolling_us": 86_400_000_000}

    said = document(refused_first(balance(900, 1000, held=60, **rolling), NOON))

    assert said["text"] == (
        "Tollway: the limit team-month has refused a call: 900 input tokens of 1000 input tokens, "
        "60 input tokens held by calls in flight"
    )
    assert (said["kind"], said["settled"], said["held"], said["unit"]) == (
        "refused_first", 900, 60, "input_tokens",
    )  # fmt: skip
    assert said["from"] is said["until"] is None


def test_a_refusal_where_nothing_is_held() -> None:
    assert refused_first(balance(5, 5), NOON).text.endswith("0.000000005 USD of 0.000000005 USD")


@pytest.mark.parametrize(("bound", "said"), [(Amounts(nano=10_000_000), "0.01"), (None, None)])
def test_a_bound_that_was_exceeded(bound: Amounts | None, said: str | None) -> None:
    call = CallRecord(
        id="c1", state="done", started_us=NOON, provider="openai", model="gpt-4.1",
        cost=Cost(output_nano=20_000_000), bound=bound,
    )  # fmt: skip

    found = document(bound_violated(call, "openai_chat text", "bound-12", NOON))

    assert found["text"].startswith(
        "Tollway: call c1 of openai/gpt-4.1 (openai_chat text) cost more than its"
    )
    assert found["text"].endswith("until faults.accept_bound has bound-12")
    assert {name: found[name] for name in ("kind", "alert", "cost_usd", "bound_usd")} == {
        "kind": "bound_violated", "alert": "bound-12", "cost_usd": "0.02", "bound_usd": said,
    }  # fmt: skip


def test_a_bound_that_several_models_exceeded_together() -> None:
    call = CallRecord(id="c1", state="done", started_us=NOON, provider="openai")

    assert bound_violated(call, "batch", "bound-12", NOON).text.startswith("call c1 of openai (batch) cost")


def test_a_name_can_not_call_a_channel_together() -> None:
    """Slack would; the field has the name as it is."""
    said = document(level_reached(balance(1, 1, values={"user": "<!channel> & co"}), 100, NOON))

    assert "(user &lt;!channel&gt; &amp; co)" in said["text"]
    assert said["bucket"] == {"user": "<!channel> & co"}


def test_it_is_json() -> None:
    assert orjson.dumps(document(level_reached(balance(1, 1, values={"user": None}), 100, NOON)))


HOSTILE = "a\x1b[31m\nFORGED\u202e" + "x" * 9_000
"""A model, say: whoever calls chooses it."""
CALL = CallRecord(id="c1", state="done", started_us=NOON, provider="openai", model=HOSTILE, user=HOSTILE)


@pytest.mark.parametrize(
    "alert",
    [
        level_reached(balance(8, 10, values={"model": HOSTILE, "team": None}), 80, NOON),
        refused_first(balance(8, 10, values={"model": HOSTILE}), NOON),
        bound_violated(CALL, "chat", "bound-1", NOON),
        found(CALL, Finding(kind="email", at=f"/{HOSTILE}", mark="0f", do=Do.REDACT, by="mail"), NOON),
    ],
)
def test_what_callers_choose_forges_no_line_and_leads_no_terminal(alert: Alert) -> None:
    """A sentence goes into the log, to a chat, and to who lists alerts."""
    assert alert.text.isprintable()
    assert "a?[31m?FORGED?xxx" in alert.text
    assert len(alert.text) < 1_000
