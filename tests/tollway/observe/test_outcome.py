"""How a call ended, by its row."""

from typing import Any

import pytest

from tests.tollway.ledger.samples import call
from tollway.observe.outcome import Outcome, outcome, refusal, upstream_error
from tollway.wire.over_limit import CODE


@pytest.mark.parametrize(
    ("fields", "ended", "reason", "kind"),
    [
        ({"status": 200}, Outcome.ANSWERED, None, None),
        ({"status": 429}, Outcome.FAILED, None, "429"),
        ({"status": 404}, Outcome.FAILED, None, "4xx"),
        ({"status": 529}, Outcome.FAILED, None, "5xx"),
        ({"status": 200, "error": "cut"}, Outcome.FAILED, None, "cut"),
        ({"error": "cut"}, Outcome.FAILED, None, "cut"),
        ({"error": "timeout"}, Outcome.FAILED, None, "timeout"),
        ({"error": "not_connected"}, Outcome.FAILED, None, "connect"),
        ({"error": "not_taken"}, Outcome.FAILED, None, "connect"),
        ({"status": 200, "error": "overloaded_error"}, Outcome.FAILED, None, "in_answer"),
        ({"status": 200, "error": "unreadable"}, Outcome.ANSWERED, None, None),
        ({"status": 200, "error": "reader_failed"}, Outcome.ANSWERED, None, None),
        ({"status": 200, "error": "tollway_failed"}, Outcome.ANSWERED, None, None),
        ({"error": "unreadable", "action": "block"}, Outcome.REFUSED, "unreadable", None),
        ({"error": "unreadable"}, Outcome.FAILED, None, "cut"),
        ({"error": "tollway_failed"}, Outcome.REFUSED, "tollway_failed", None),
        ({"status": 400, "error": "unreadable"}, Outcome.FAILED, None, "4xx"),
        ({"status": 200, "error": "abandoned"}, Outcome.ABANDONED, None, None),
        ({"status": 429, "error": "abandoned"}, Outcome.ABANDONED, None, "429"),
        ({"error": "abandoned"}, Outcome.ABANDONED, None, None),
        ({"error": CODE, "action": "block"}, Outcome.REFUSED, CODE, None),
        ({"error": "model_denied"}, Outcome.REFUSED, "model_denied", None),
        ({}, Outcome.ANSWERED, None, None),
    ],
    ids=str,
)
def test_it_is_one_of_four_with_the_reason_of_a_refusal_and_the_kind_of_an_error(
    fields: dict[str, Any], ended: Outcome, reason: str | None, kind: str | None
) -> None:
    one = call(**fields)

    assert (outcome(one), refusal(one), upstream_error(one)) == (ended, reason, kind)
