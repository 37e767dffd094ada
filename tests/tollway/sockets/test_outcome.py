"""How a call on a socket ended, in the terms of HTTP."""

import pytest
from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.sockets.events import Ended, How
from tollway.sockets.outcome import outcome

USED = Report(usage=Usage())
CUT = Ended(call=0, at=9, how=How.CUT, first=8, report=Report(), sound=24_001)


@pytest.mark.parametrize(
    ("end", "status", "error", "cut"),
    [
        (Ended(call=0, at=9, how=How.COMPLETED, first=8, report=USED), 101, None, False),
        (Ended(call=0, at=9, how=How.COMPLETED, report=Report()), 101, None, False),
        (Ended(call=0, at=9, how=How.FAILED, first=8, report=Report(error="x")), 101, None, False),
        (Ended(call=0, at=9, how=How.FAILED, report=USED), 101, None, False),
        (Ended(call=0, at=9, how=How.FAILED, report=Report(error="rate_limit")), 101, "rate_limit", False),
        (Ended(call=0, at=9, how=How.FAILED, report=Report()), 101, "failed", False),
        (Ended(call=0, at=9, how=How.CUT, first=8, report=Report()), 101, None, True),
        (Ended(call=0, at=9, how=How.CUT, report=Report()), None, None, True),
    ],
)
def test_how_it_ended(end: Ended, status: int | None, error: str | None, cut: bool) -> None:
    """What was refused before it was answered never went; what nothing was said of has no status."""
    found = outcome(end)

    assert (found.status, found.error, found.cut) == (status, error, cut)


def test_what_was_told_is_all_that_is_read() -> None:
    report = Report(id="resp_1")
    reader = outcome(Ended(call=0, at=9, how=How.CUT, report=report, delivered=b"Hi.")).reader

    reader.feed(b"more")

    assert (reader.report(), reader.delivered()) == (report, b"Hi.")


@pytest.mark.parametrize(
    ("end", "used"),
    [
        (CUT, Usage(output_tokens=11, output_audio_tokens=11)),
        (replace(CUT, report=Report(usage=Usage(output_tokens=5))), Usage(output_tokens=5)),
        (replace(CUT, report=Report(complete=True)), None),
        (replace(CUT, sound=0), None),
    ],
)
def test_of_an_answer_that_broke_off_the_sound_is_counted(end: Ended, used: Usage | None) -> None:
    """Unless its usage is known, or there is none to come."""
    assert outcome(end).reader.report().usage == used
