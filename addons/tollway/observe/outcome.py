"""How a call ended, by its row."""

from enum import StrEnum

from tollway.actions import ABANDONED as ABANDONED
from tollway.actions import FAILED_ON_THE_WAY as FAILED_ON_THE_WAY
from tollway.actions import UNREADABLE as UNREADABLE
from tollway.actions import refusal as refusal_of
from tollway.model import CallRecord

OURS = frozenset({UNREADABLE, "reader_failed", "tollway_failed", "guardrail"})
"""What a row says of a call that only we could make nothing of, however it was answered."""
TOO_MANY = 429


class Outcome(StrEnum):
    """How a call ended; exactly one of them."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """By Tollway: it did not leave."""
    FAILED = "failed"
    """By an error of the provider, or of the way to it."""
    ABANDONED = "abandoned"
    """Its client left."""


def outcome(call: CallRecord) -> Outcome:
    """Of a call that is done."""
    if call.error == ABANDONED:
        return Outcome.ABANDONED
    if refusal(call) is not None:
        return Outcome.REFUSED
    return Outcome.ANSWERED if upstream_error(call) is None else Outcome.FAILED


def refusal(call: CallRecord) -> str | None:
    """Why Tollway refused it, as the client was told; None: it did not."""
    return refusal_of(call.status, call.error, call.action)


def upstream_error(call: CallRecord) -> str | None:
    """Its kind: connect, timeout, cut, in_answer (an error that an answer of 200 carried), or a status: 429,
    4xx, 5xx. None: there was none."""
    status, error = call.status, call.error
    if status is not None and status >= 400:
        return str(status) if status == TOO_MANY else f"{status // 100}xx"
    if error is None or error == ABANDONED or refusal(call) is not None:
        return None
    if error in OURS:
        return None if status is not None else FAILED_ON_THE_WAY["cut"]
    return FAILED_ON_THE_WAY.get(error, "in_answer")
