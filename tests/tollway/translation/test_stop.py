"""Why an answer ends."""

import pytest

from tollway.translation.stop import stop_reason


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "end_turn"),
        ("content_filter", "refusal"), ("model_length", "model_context_window_exceeded"),
        ("error", None), ("insufficient_system_resource", None), ("eos", "end_turn"), (None, "end_turn"),
    ],
)  # fmt: skip
def test_each_reason_has_a_counterpart(finish: str | None, reason: str | None) -> None:
    assert stop_reason(finish, calls=False, refused=False) == reason


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "function_call", None])
def test_what_ends_with_calls_waits_for_their_results(finish: str | None) -> None:
    assert stop_reason(finish, calls=True, refused=False) == "tool_use"


def test_what_was_cut_off_amid_a_call_was_cut_off() -> None:
    assert stop_reason("length", calls=True, refused=False) == "max_tokens"


def test_a_refusal_is_one_whatever_it_ends_with() -> None:
    assert stop_reason("stop", calls=True, refused=True) == "refusal"
    assert stop_reason("error", calls=False, refused=True) is None
