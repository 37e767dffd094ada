"""Why a text of a call is not there, in words."""

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.texts.made import text
from tollway.texts.absent import absent, missing
from tollway.texts.store import BINARY, DELETED, TOO_LARGE, UNREADABLE


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            TOO_LARGE,
            "not kept: 2,000,000 bytes of it came, and it is larger than max_size of record[0] allows",
        ),
        (UNREADABLE, "not kept: nothing here undoes its coding"),
        (BINARY, "not kept: its 2,000,000 bytes are no text"),
        (DELETED, "deleted on time, as record[0] says"),
    ],
)
def test_each_reason_is_told(why: str, said: str) -> None:
    assert absent(text(body=None, size=2_000_000, why_not=why)) == said


@pytest.mark.parametrize(
    "of",
    [
        call(action="wait 1 s, block", error="over_limit"),
        call(error="access_denied"),
        call(error="no_credential"),
        call(error="unreadable", action="block"),
    ],
)
def test_of_a_call_that_was_refused_nothing_left(of: object) -> None:
    for part in ("request", "response"):
        assert missing(of, part, [], ()) == "none: the call was refused, so that nothing of it left"  # type: ignore[arg-type]


def test_of_a_call_that_no_rule_is_for_nothing_is_kept() -> None:
    assert missing(call(status=200), "request", [], ()).startswith(
        "none is kept: no entry of the policy's `record` was for this call"
    )


def test_an_answer_that_is_not_there_has_reasons_of_its_own() -> None:
    request = [text()]

    assert missing(call(state="open"), "response", request, ()) == "none yet: the call is in flight"
    assert missing(call(state="open"), "response", request, {"a"}) == "none: the call's process died"
    assert missing(call(error="not_connected"), "response", request, ()) == "none: no answer came"
    assert missing(call(status=200), "response", request, ()).startswith(
        "none is kept: record[0] is not for it"
    )
    assert missing(call(status=200), "request", [text(part="response")], ()).startswith(
        "none is kept: record[0]"
    )
