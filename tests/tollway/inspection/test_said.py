"""`tollway.inspection.said`: a call in a line, a marker, and a table."""

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from tollway.budget.amounts import Amounts
from tollway.inspection.said import Outcome, comment, marker, table
from tollway.model import CallRecord, Cost, Source, Usage

CALL = CallRecord(
    id="c1",
    state="done",
    started_us=0,
    user="ann",
    team="search",
    program="claude-cli",
    provider="anthropic",
    operation="chat",
    model_asked="claude-opus-4-8",
    model="claude-opus-4-8",
    model_served="claude-opus-4-8",
    usage=Usage(input_tokens=1234, cache_read_tokens=1000, output_tokens=56, reasoning_tokens=6),
    cost=Cost(input_nano=702_000, cache_read_nano=300_000, output_nano=840_000, source=Source.COMPUTED),
    status=200,
)


@dataclass(frozen=True)
class Case:
    """A call that differs from `CALL`, and what its line ends with."""

    changes: dict[str, Any]
    line: str
    refused: bool = False
    route: str | None = None


CASES = [
    Case({}, "1,234 in (1,000 cached), 56 out · $0.001842 · passed"),
    Case({"usage": Usage(output_tokens=5)}, "claude-opus-4-8 · 5 out · $0.001842 · passed"),
    Case({"usage": Usage(input_tokens=5)}, "claude-opus-4-8 · 5 in · $0.001842 · passed"),
    Case({"action": "clamp 4096"}, "passed: clamp 4096"),
    Case({"state": "open", "cost": Cost(input_nano=5)}, "~$0.000000005 · in flight"),
    Case({"cost": Cost(source=Source.ESTIMATED)}, "56 out · ~$0 · passed"),
    Case({"usage": Usage(), "cost": Cost()}, "claude-cli · a/m -> b/m · rerouted", route="a/m -> b/m"),
    Case({"cache": "hit", "cost": Cost()}, "56 out · from the cache"),
    Case({"cache": "join", "cost": Cost(), "action": "wait"}, "56 out · joined another call: wait"),
    Case({"cache": "miss"}, "$0.001842 · passed"),
    Case({"status": 529}, "· failed 529"),
    Case({"status": None}, "· passed"),
    Case({"cost": Cost(), "error": "abandoned"}, "56 out · failed abandoned"),
    Case(
        {"usage": Usage(), "cost": Cost(), "error": "over_limit", "action": "block"},
        "anthropic/claude-opus-4-8 · refused over_limit: block",
        refused=True,
    ),
    Case({"usage": Usage(), "cost": Cost()}, "anthropic/claude-opus-4-8 · refused", refused=True),
    Case({"model": "claude-haiku-4-5", "usage": Usage(), "cost": Cost()},
         "claude-cli · claude-opus-4-8 -> anthropic/claude-haiku-4-5 · rerouted"),
    Case({"model": "gpt\n5", "model_asked": None, "usage": Usage(), "cost": Cost()}, "/gpt�5 · passed"),
    Case({"model": None, "model_asked": None, "usage": Usage(), "cost": Cost()}, "anthropic chat · passed"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_a_line_says_how_much_and_what_was_decided(case: Case) -> None:
    """Only what is known."""
    outcome = Outcome(replace(CALL, **case.changes), case.refused, case.route)

    assert comment(outcome).endswith(case.line)


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, "ann (search), claude-cli · "),
        ({"team": None, "program": None}, "ann · "),
        ({"user": None, "service": "ci", "team": None}, "ci, claude-cli · "),
        ({"user": None, "program": None}, "search · "),
        ({"user": None, "team": None, "program": None}, "anthropic/"),
    ],
)
def test_a_line_begins_with_who_calls(changes: dict[str, Any], known: str) -> None:
    """As far as that is known."""
    assert comment(Outcome(replace(CALL, **changes))).startswith(known)


@pytest.mark.parametrize(
    ("changes", "refused", "found"),
    [
        ({}, False, ""),
        ({"action": "route economy"}, True, ":no_entry:"),
        ({"action": "route resilient"}, False, ""),
        ({"model": "claude-haiku-4-5"}, False, ":twisted_rightwards_arrows:"),
        ({"cost": Cost(source=Source.ESTIMATED)}, False, ":grey_question:"),
        ({"cost": Cost(source=Source.ESTIMATED), "state": "open"}, False, ""),
    ],
)
def test_a_marker(changes: dict[str, Any], refused: bool, found: str) -> None:
    """The first of refused, rerouted and estimated that it is; in flight the estimate says nothing."""
    assert marker(Outcome(replace(CALL, **changes), refused)) == found


def test_a_table() -> None:
    """Each part of the cost with its tokens."""
    call = replace(CALL, model_served="claude-opus-4-8-1", limits=("day",), bound=Amounts(nano=5_000_000))

    assert table(Outcome(call)) == (
        "    caller  ann (search), claude-cli\n"
        "     model  anthropic/claude-opus-4-8\n"
        "    served  claude-opus-4-8-1\n"
        "     input           1,234  $0.000702\n"
        "from cache           1,000  $0.0003\n"
        "    output              56  $0.00084\n"
        " reasoning               6\n"
        "      cost  $0.001842 computed\n"
        "   at most  $0.005\n"
        "    limits  day\n"
        "   verdict  passed\n"
        "      call  c1\n"
    )


def test_a_table_of_little() -> None:
    """What is not known has no line; a fee has no tokens."""
    call = CallRecord(
        id="c1", state="done", started_us=0, provider="x", operation="ocr", cost=Cost(other_nano=1)
    )

    assert table(Outcome(call)) == (
        "     model  x ocr\n     other                  $0.000000001\n      cost  $0.000000001 none\n"
        "   verdict  passed\n      call  c1\n"
    )


def test_a_table_has_what_was_saved() -> None:
    hit = replace(CALL, cost=Cost(), cache="hit", saved_nano=1_842_000)

    assert "     saved  $0.001842\n" in table(Outcome(hit))
    assert "saved" not in table(Outcome(CALL))
