"""The accounting of attempts, by hand: a call to OpenAI, which Groq answers where that fails."""

from typing import Any

import pytest

from tests.chaos.attempts import Attempts, Ended, attempts, fits, is_astray, is_error, is_one, is_whole
from tests.chaos.evidence import Evidence
from tests.chaos.load import Outcome
from tests.chaos.targets import TARGETS, Chat
from tests.tollway.ledger.samples import call
from tollway.model import CallRecord, Cost

FIRST, SECOND, _ = TARGETS
REAL = {target: Chat("").nano_at(target.rates) for target in (FIRST, SECOND)}
STREAM = 'data: {"id":"chatcmpl-%024d"}\n\n' * 2 + "data: [DONE]\n\n"


def seen(number: int, target: Any = FIRST, status: int | None = 200, **fields: Any) -> dict[str, Any]:
    """A request of the call a, as the simulator tells of it."""
    return {
        "number": number, "host": target.host, "status": status, "complete": True, "received": 1.0,
        "cut": None, "connection": {"number": number},
        "json": {"messages": [{"content": "a"}]}, "target": "/v1",
        "headers": [["authorization", f"Bearer {target.key}"]], **fields,
    }  # fmt: skip


def row(
    id: str, target: Any = FIRST, status: int | None = 200, nano: int | None = None, **fields: Any
) -> CallRecord:
    """As the ledger has it."""
    nano = nano if nano is not None else REAL[target] if status == 200 else 0
    return call(
        id, provider=target.provider, status=status, tags={"n": "a"}, cost=Cost(output_nano=nano), **fields
    )


def outcome(number: int = 2, id: str = "2", text: str | None = None, **fields: Any) -> Outcome:
    """A whole stream, made of a request of this number."""
    text = STREAM % (number, number) if text is None else text
    return Outcome(Chat("a"), **{"status": 200, "text": text, "whole": True, "id": id, **fields})


SEEN = [seen(1, status=529), seen(2, SECOND)]
ROWS = [row("1", status=529), row("2", SECOND)]


def found(
    one: Outcome | None = None, seen: Any = SEEN, rows: Any = ROWS, stayed: bool = True, amount: int = 10**10
) -> Attempts:
    """What the accounting says."""
    return attempts({"a": one or outcome()}, {"a": stayed}, seen, rows, amount, Evidence())


def test_a_call_that_the_second_target_answered_is_good() -> None:
    made = found()

    assert made.good
    assert (made.calls, made.whole, made.requests, made.at_once) == (1, 1, 2, 2)
    assert made.settled_nano == REAL[SECOND]


def test_more_than_the_limit_is_over() -> None:
    assert found(amount=REAL[SECOND] - 1).over_nano == 1


@pytest.mark.parametrize(
    "one",
    [
        outcome(text=""),
        outcome(text=STREAM % (2, 2) + "data: [DONE]\n\n"),
        outcome(whole=False),
        outcome(status=None, text="", whole=False),
        outcome(status=502, text="<html>"),
    ],
)
def test_neither_a_whole_answer_nor_an_error_is_unclean(one: Outcome) -> None:
    """Unless the client left, or the target broke off."""
    assert found(one).unclean == 1
    assert found(one, stayed=False).unclean == 0


def test_half_an_answer_is_cut_if_its_target_broke_off() -> None:
    """Or broke its connection, with all that was on it."""
    made = found(outcome(whole=False), [SEEN[0], seen(2, SECOND, cut="reset")])

    assert (made.cut, made.unclean) == (1, 0)


@pytest.mark.parametrize("one", [outcome(1), outcome(text=STREAM % (1, 2)), outcome(id="1"), outcome(id="x")])
def test_an_answer_is_of_one_request_of_its_own_call(one: Outcome) -> None:
    """And of the target that its row names."""
    assert found(one).mixed == 1
    assert is_one("a", outcome(), ROWS[1], SEEN)
    assert not is_one("b", outcome(), ROWS[1], SEEN)


def test_what_was_answered_is_not_tried_again() -> None:
    assert found(rows=[row("1", nano=0), ROWS[1]]).twice == 1


@pytest.mark.parametrize(
    ("requests", "rows", "fit"),
    [
        ([seen(1)], [row("1")], True),
        ([seen(1)], [], False),
        ([], [row("1")], False),
        ([], [row("1", status=None)], True),
        ([seen(1)], [row("1", nano=REAL[FIRST] - 1)], False),
        ([seen(1)], [row("1", nano=REAL[FIRST] + 1)], False),
        ([seen(1)], [row("1", status=None, nano=REAL[FIRST] - 1)], False),
        ([seen(1)], [row("1", status=None, nano=REAL[FIRST] + 1)], True),
        ([seen(1, status=500)], [row("1", status=500, nano=1)], False),
        ([seen(1, status=500)], [row("1", status=None, nano=1)], True),
        ([seen(1, status=500)], [row("1", status=None), row("2", status=500)], True),
        ([seen(1, status=500), seen(2)], [row("1"), row("2", status=500)], False),
        ([seen(1)], [row("1", state="open")], False),
        ([seen(1)], [row("1", status=None, error="not_taken")], False),
        ([seen(9)], [row("1", status=None, error="not_taken")], True),
        ([seen(1, complete=False)], [row("1", status=None, error="abandoned", nano=0)], False),
        ([seen(9, complete=False)], [row("1", status=None, error="abandoned", nano=0)], True),
        ([seen(9)], [row("1", status=None, error="abandoned", nano=0)], False),
    ],
)
def test_each_request_is_a_row_with_its_status_and_charge(
    requests: list[dict[str, Any]], rows: list[CallRecord], fit: bool
) -> None:
    """On connection 9, which broke, some may have been disowned."""
    assert fits(requests, rows, Ended({9}, {9})) is fit


def test_a_key_is_astray_wherever_it_is_shown_to_another() -> None:
    assert not is_astray(seen(1))
    assert is_astray(seen(1, headers=[]))
    assert is_astray(seen(1) | {"target": f"/v1?key={SECOND.key}"})


def test_json_is_whole_with_choices_and_an_error_with_an_error() -> None:
    """As OpenAI has them."""
    whole = Outcome(Chat("a", stream=False), 200, '{"choices":[]}')

    assert is_whole(whole)
    assert is_error('{"error":{}}')
    assert not is_error("{")
