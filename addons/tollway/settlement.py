"""How a call ended, and what that means for its bill: DESIGN section 6, as a function."""

from enum import Enum

from msgspec.structs import replace

from tollway.model import RETRIEVE, Report, Usage


class Verdict(Enum):
    """On what a call is billed."""

    NOTHING = "nothing"
    """Nothing left, or the provider refused: it costs nothing."""
    REPORTED = "reported"
    """What the provider reported, or its own bill."""
    TEXTS = "texts"
    """The provider charges, and did not say for what (all of it): estimate from the texts."""
    INPUT = "input"
    """The request left and nothing came back: the input's estimate."""


SWITCHED = 101
"""The connection went on as another protocol, which nothing here reads."""


def verdict(*, left: bool, status: int | None, report: Report, operation: str, counted: bool) -> Verdict:
    """On what to bill a call.

    `left`: the request was written. `status`: of the provider's answer, None if no headers came. `counted`:
    the answer with this id was billed before. An answer that is only shown again is billed where its usage
    is new: a background answer's comes this way.
    """
    if not left or counted:
        return Verdict.NOTHING
    if operation == RETRIEVE and report.usage is None:
        return Verdict.NOTHING
    if status is None:
        return Verdict.INPUT
    if report.cost_nano is not None or (report.usage is not None and report.complete):
        return Verdict.REPORTED
    if (status >= 300 or status < 200) and status != SWITCHED:
        return Verdict.NOTHING
    return Verdict.TEXTS


def completed(reported: Usage | None, estimate: Usage) -> Usage:
    """What was reported of a cut answer, its output at least what the texts amount to.

    Anthropic's first event has the input's exact usage and a placeholder for the output; hidden reasoning
    shows in no text, so the larger of the two is taken. What was not reported at all is estimated.
    """
    if reported is None:
        return estimate
    outputs = [n for n in (reported.output_tokens, estimate.output_tokens) if n is not None]
    return replace(
        reported,
        input_tokens=estimate.input_tokens if reported.input_tokens is None else reported.input_tokens,
        output_tokens=max(outputs, default=None),
    )
