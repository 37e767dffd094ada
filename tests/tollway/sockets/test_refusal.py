"""A refusal is one message of the dialect, and a close says why in what a frame takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.sockets.refusal import closing, google_turn, openai_error


def test_openais_is_an_error_event() -> None:
    said = json.loads(openai_error(429, "no money", "budget", {"status": 429}))

    assert said == {
        "type": "error",
        "status": 429,
        "error": {"message": "no money", "type": "rate_limit_error", "param": None, "code": "budget"},
    }


def test_it_may_name_the_clients_message() -> None:
    said = json.loads(openai_error(403, "no", "access", {"event_id": "e1"}, "mine"))

    assert (said["event_id"], said["error"]["event_id"]) == ("e1", "mine")


def test_googles_is_a_turn_that_is_over() -> None:
    said = json.loads(google_turn(429, "no money", "budget"))

    assert said["serverContent"] == {"turnComplete": True, "turnCompleteReason": "RESPONSE_REJECTED"}
    assert (said["error"]["status"], said["error"]["message"]) == ("RESOURCE_EXHAUSTED", "no money")


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("limit team: nothing is left", "limit team: nothing is left"), ("é" * 100, "é" * 61), ("\ud800", "?")],
    ids=["short", "long", "half a pair"],
)
def test_a_close_gives_the_reason(reason: str, shown: str) -> None:
    assert closing(reason) == (1008, shown)


@given(st.text())
def test_a_reason_fits_into_a_close_frame(reason: str) -> None:
    assert len(closing(reason)[1].encode()) <= 123
