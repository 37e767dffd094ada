"""What a request asked for is assumed to be used where its answer says nothing, and is no report."""

from collections.abc import Mapping
from typing import Any

import pytest

from tollway.model import Report, Usage
from tollway.settlement import Verdict, verdict
from tollway.wire.assumed import Assumed
from tollway.wire.object_answer import ObjectAnswer

HEARD = Usage(seconds=40)


def tell(answer: Mapping[str, Any]) -> Report:
    usage = answer.get("usage")
    return Report(
        usage=Usage(**usage) if usage else None, error=answer.get("error"), cost_nano=answer.get("cost")
    )


def read(answer: bytes, billed: Usage | None = HEARD) -> Report:
    reader = Assumed(ObjectAnswer(tell, ("usage", "error", "cost")), billed)
    reader.feed(answer)
    return reader.report()


@pytest.mark.parametrize(
    ("answer", "billed", "report"),
    [
        (b"{}", HEARD, Report(usage=HEARD)),
        (b'{"text":"Hel', HEARD, Report(usage=HEARD)),
        (b'{"usage":{"seconds":3}}', HEARD, Report(usage=Usage(seconds=3), complete=True)),
        (b'{"cost":9}', HEARD, Report(cost_nano=9, complete=True)),
        (b'{"error":"no"}', HEARD, Report(error="no", complete=True)),
        (b"{}", None, Report(complete=True)),
    ],
    ids=["silent", "cut off", "reported", "billed", "an error", "nothing to assume"],
)
def test_only_an_answer_that_says_nothing_is_assumed_about(
    answer: bytes, billed: Usage | None, report: Report
) -> None:
    assert read(answer, billed) == report


@pytest.mark.parametrize(
    ("status", "on"), [(200, Verdict.TEXTS), (422, Verdict.NOTHING), (503, Verdict.NOTHING)]
)
def test_what_is_assumed_is_an_estimate_and_an_error_stays_free(status: int, on: Verdict) -> None:
    """Whatever its body looks like: frameworks have shapes of their own."""
    report = read(b'{"detail":"Not Found"}')

    assert verdict(left=True, status=status, report=report, operation="transcription", counted=False) is on


def test_texts_are_those_of_the_answer() -> None:
    reader = Assumed(ObjectAnswer(tell, ("text",), lambda answer: (answer.get("text"),)), HEARD)
    reader.feed(b'{"text":"Hi."}')

    assert reader.delivered() == b"Hi."
