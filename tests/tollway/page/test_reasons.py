"""Why calls had no answer, in words."""

import re
from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.pages import Reason
from tollway.observe.outcome import ABANDONED, FAILED_ON_THE_WAY, refusal
from tollway.page.reasons import FAILED, REFUSED, is_refusal, reasons_table, refusals, words
from tollway.wire.blocked import CODE as GUARDRAIL
from tollway.wire.over_limit import CODE, UNHOLDABLE

HOOKS = Path(__file__).parents[3] / "addons" / "tollway" / "hooks"
NOT_WRITTEN = {"unauthenticated", "identity_unknown", "upgrade_required", "misdirected", "abandoned"}
"""Refusals that are no row of the ledger; and one of a client that left."""
REASONS = (
    Reason(error="over_limit", limits=("day", "team"), calls=1_200),
    Reason(error="cut", limits=(), calls=3),
    Reason(error="<b>", limits=("<i>",), calls=2),
)


def test_every_refusal_of_the_steps_has_words() -> None:
    """Those that the steps give themselves; limits' and access rules' have names of their own."""
    code = "".join(path.read_text("utf-8") for path in HOOKS.glob("*.py"))
    found = set(re.findall(r'refuse\([^()]*(?:\([^()]*\)[^()]*)*?"([a-z_]+)"(?:, retry_after=\d+)?\)', code))

    assert len(found) >= 10
    assert found - NOT_WRITTEN <= REFUSED.keys()


def test_pages_and_metrics_agree_who_refused() -> None:
    assert FAILED.keys() == {ABANDONED, *FAILED_ON_THE_WAY}
    for errors, ours in ((REFUSED, True), (FAILED, False)):
        for error in errors:
            assert (refusal(call(error=error, action="block")) is not None) is is_refusal(error) is ours


@pytest.mark.parametrize("error", [CODE, UNHOLDABLE, GUARDRAIL])
def test_what_limits_and_guardrails_refuse_has_words_too(error: str) -> None:
    assert error in REFUSED


@pytest.mark.parametrize(
    ("error", "said", "ours"),
    [
        ("over_limit", "a limit had no room for it", True),
        ("abandoned", "the client left before an answer", False),
        ("something_new", "something new", True),
    ],
)
def test_a_reason_is_said_in_words(error: str, said: str, ours: bool) -> None:
    assert words(error) == said
    assert is_refusal(error) is ours


def test_refusals_are_counted_apart() -> None:
    assert refusals(REASONS) == 1_202
    assert not is_refusal(None)


def test_the_table_has_a_row_for_each() -> None:
    found = reasons_table(REASONS, "Why").text

    assert "<td>day, team</td><td>refused by Tollway</td>" in found
    assert '<td>–</td><td>no answer</td><td class="figure">3</td>' in found
    assert '<th scope="row">&lt;b&gt;</th><td>&lt;i&gt;</td>' in found


def test_nothing_refused_is_said() -> None:
    assert "No call was refused" in reasons_table((), "Why").text
