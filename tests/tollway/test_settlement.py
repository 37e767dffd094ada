"""On what a call is billed, for every way it can end."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import RETRIEVE, Report, Usage
from tollway.settlement import Verdict, completed, verdict

USAGE = Usage(input_tokens=10, output_tokens=3)
NOTHING_SAID = Report()
WHOLE = Report(usage=USAGE, complete=True)
PART = Report(usage=USAGE)
BILLED = Report(cost_nano=700)
FREE = Report(cost_nano=0)

OK, BAD = (200, 201, 299), (301, 400, 401, 429, 500, 503, 529)


def ends(status: int | None, report: Report, operation: str = "chat", **said: bool) -> Verdict:
    """The verdict of a call that left, unless it is said otherwise."""
    said = {"left": True, "counted": False} | said
    return verdict(**said, status=status, report=report, operation=operation)


@pytest.mark.parametrize("status", [None, *OK, *BAD])
@pytest.mark.parametrize(
    "report", [NOTHING_SAID, WHOLE, PART, BILLED], ids=["silent", "whole", "part", "billed"]
)
def test_what_did_not_leave_costs_nothing(status: int | None, report: Report) -> None:
    """Refused by us, or never connected."""
    assert ends(status, report, left=False) is Verdict.NOTHING


def test_a_request_that_left_and_got_no_headers_costs_its_input() -> None:
    """DESIGN section 6: bytes were written, and nobody knows what became of them."""
    assert ends(None, NOTHING_SAID) is Verdict.INPUT


@pytest.mark.parametrize("status", [*OK, *BAD])
@pytest.mark.parametrize("report", [WHOLE, BILLED, FREE], ids=["usage", "own cost", "own cost of 0"])
def test_what_the_provider_reported_is_billed_whatever_the_status(status: int, report: Report) -> None:
    """A provider that reports usage with an error charges for it."""
    assert ends(status, report) is Verdict.REPORTED


@pytest.mark.parametrize("status", OK)
@pytest.mark.parametrize(
    "report", [NOTHING_SAID, PART, Report(complete=True)], ids=["silent", "cut", "no usage"]
)
def test_a_good_answer_without_its_whole_usage_is_estimated(status: int, report: Report) -> None:
    """Never free for want of figures."""
    assert ends(status, report) is Verdict.TEXTS


@pytest.mark.parametrize("status", [100, 199, *BAD])
@pytest.mark.parametrize("report", [NOTHING_SAID, PART], ids=["silent", "part"])
def test_an_error_without_usage_costs_nothing(status: int, report: Report) -> None:
    """DESIGN section 6: 4xx and 5xx release the hold."""
    assert ends(status, report) is Verdict.NOTHING


@pytest.mark.parametrize(
    ("status", "report", "counted", "on"),
    [
        (200, NOTHING_SAID, False, Verdict.NOTHING),
        (None, NOTHING_SAID, False, Verdict.NOTHING),
        (404, NOTHING_SAID, False, Verdict.NOTHING),
        (200, WHOLE, False, Verdict.REPORTED),
        (200, WHOLE, True, Verdict.NOTHING),
        (200, PART, False, Verdict.TEXTS),
    ],
    ids=["still running", "cut", "not there", "first seen", "seen again", "broken off"],
)
def test_an_answer_shown_again_costs_where_its_usage_is_new(
    status: int | None, report: Report, counted: bool, on: Verdict
) -> None:
    """A background answer's usage comes with a GET; the second GET of it costs nothing."""
    assert ends(status, report, RETRIEVE, counted=counted) is on


def test_nothing_that_left_with_a_good_answer_is_free_unless_it_was_billed_before() -> None:
    """Over all that can be said: the one way to cost nothing after a 2xx is an answer that is shown again."""
    reports = [NOTHING_SAID, WHOLE, PART, BILLED, Report(complete=True)]
    for status, report, counted in product(OK, reports, (False, True)):
        free = ends(status, report, counted=counted) is Verdict.NOTHING
        assert free == counted


COUNTS = st.none() | st.integers(0, 10**9)
USAGES = st.builds(
    Usage, input_tokens=COUNTS, cache_read_tokens=COUNTS, output_tokens=COUNTS, reasoning_tokens=COUNTS
)


@pytest.mark.parametrize(
    ("reported", "estimate", "completion"),
    [
        (None, USAGE, USAGE),
        # Anthropic, cut after message_start: exact input, a placeholder for the output.
        (
            Usage(input_tokens=500, cache_read_tokens=400, output_tokens=1),
            Usage(input_tokens=470, output_tokens=90),
            Usage(input_tokens=500, cache_read_tokens=400, output_tokens=90),
        ),
        # Hidden reasoning: more was reported than shows in the texts.
        (
            Usage(input_tokens=50, output_tokens=900, reasoning_tokens=880),
            Usage(input_tokens=47, output_tokens=20),
            Usage(input_tokens=50, output_tokens=900, reasoning_tokens=880),
        ),
        (
            Usage(output_tokens=900, web_searches=2),
            Usage(input_tokens=47, output_tokens=20),
            Usage(input_tokens=47, output_tokens=900, web_searches=2),
        ),
        (
            Usage(input_tokens=0),
            Usage(input_tokens=9, output_tokens=2),
            Usage(input_tokens=0, output_tokens=2),
        ),
        (Usage(input_tokens=5), Usage(input_tokens=9), Usage(input_tokens=5)),
    ],
    ids=["nothing", "placeholder", "reasoning", "no input", "explicit zero", "embedding"],
)
def test_what_was_reported_is_kept_and_what_was_not_is_estimated(
    reported: Usage | None, estimate: Usage, completion: Usage
) -> None:
    """The output is the larger of the two."""
    assert completed(reported, estimate) == completion


@given(st.none() | USAGES, USAGES)
def test_a_completion_drops_nothing_reported_and_invents_no_zero(
    reported: Usage | None, estimate: Usage
) -> None:
    """Every field is the report's or the estimate's; the output is never less than either."""
    whole = completed(reported, estimate)
    said = reported.known() if reported else {}

    assert whole.known().items() >= {k: v for k, v in said.items() if k != "output_tokens"}.items()
    for name in ("input_tokens", "output_tokens"):
        assert getattr(whole, name) in (said.get(name), getattr(estimate, name))
        assert (getattr(whole, name) is None) == (name not in said and getattr(estimate, name) is None)
    if whole.output_tokens is not None:
        assert whole.output_tokens >= max(said.get("output_tokens", 0), estimate.output_tokens or 0)
