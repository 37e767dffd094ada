"""Calls, a line each."""

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.live.samples import CALLS, plain, snapshot
from tollway.actions import Kind
from tollway.live.call_lines import EXPLAINED, LETTERS, call_lines, done, letters, status, window
from tollway.live.glyphs import BLOCKS
from tollway.model import CallRecord


def shown(width: int, height: int = 9, chosen: str | None = None, *calls: CallRecord) -> list[str]:
    return plain(call_lines(snapshot(calls or CALLS), calls or CALLS, chosen, BLOCKS, width, height))


def test_a_wide_terminal_shows_what_was_asked_for_and_all_that_was_done() -> None:
    """A call in flight counts up; no control character of a client's reaches the terminal."""
    assert shown(140) == [
        "time     who      program    model                                 in cached out       cost"
        " first  took status     done",
        "12:59:57 ann      claude-cli claude-opus-4-5 → claude-haiku-4-5     -      -   -   ~$0.0020 "
        "    -    3s ...        route economy, clamp 512",
        "12:59:55 bob      codex      claude-sonnet-4-5                      -      -   -         $0 "
        "    -    1s 529        -",
        "12:58:50 ann      claude-cli claude-sonnet-4-5                  15.0k  14.0k 600   $0.00045 "
        "   1s 70.0s 200        -",
        "12:58:40 eve�[31m -          gpt-5                                  -      -   -         $0 "
        "    -   0ms over_limit block",
        "12:58:30 10.0.0.9 -          gpt-5                                100      -  10 (~$0.0200) "
        "    -    5s 200        -",
    ]  # fmt: skip


def test_a_narrow_one_shows_a_letter_for_each_thing_that_was_done() -> None:
    assert shown(80, 3) == [
        "time     who program    model                  cost took status did",
        "12:59:57 ann claude-cli → claude-haiku-4-5 ~$0.0020   3s ...    RC",
        "12:59:55 bob codex      claude-sonnet-4-5        $0   1s 529    -",
    ]


def test_of_a_call_whose_process_died_nobody_knows_how_long_it_took() -> None:
    """It stands out, as what failed does."""
    lines = call_lines(snapshot(orphaned=frozenset({"c5"})), CALLS[:1], None, BLOCKS, 80, 3)

    assert plain(lines)[1] == "12:59:57 ann claude-cli → claude-haiku-4-5 ~$0.0020    - died   RC"
    assert [span.style for span in lines[1].spans].count("bold yellow") == 2


def test_columns_of_nothing_have_no_room() -> None:
    assert (
        shown(80, 9, None, call(status=200))[0] == "time     model              in out     cost took status"
    )


@pytest.mark.parametrize(
    ("chosen", "size", "ids"),
    [
        (None, 2, ["c5", "c4"]),
        ("c4", 2, ["c5", "c4"]),
        ("c1", 2, ["c2", "c1"]),
        ("c3", 2, ["c4", "c3"]),
        ("gone", 2, ["c5", "c4"]),
        ("c3", 0, []),
        ("c3", -1, []),
    ],
)
def test_the_chosen_call_is_in_sight(chosen: str | None, size: int, ids: list[str]) -> None:
    assert [one.id for one in window(CALLS, chosen, size)] == ids


def test_the_chosen_call_is_marked_over_its_whole_line() -> None:
    lines = call_lines(snapshot(), CALLS, "c4", BLOCKS, 120, 9)

    assert [i for i, line in enumerate(lines) if any(span.style == "reverse" for span in line.spans)] == [2]
    assert len(lines[2]) == 120


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (None, ""),
        ("route economy", "R"),
        ("set temperature, clamp 4096, wait 1.2 s", "SCW"),
        ("route a skipped: no credential is known for groq, block", "X"),
        ("route a, route b", "R"),
        ("goes back", "R"),
        ("route a waits: openai/b would save less than it loses", "K"),
        ("route a, after openai/gpt-4o (429)", "R"),
        ("redact email, flag iban, clamp 9", "TFC"),
        ("something new", ""),
    ],
)
def test_what_was_done_has_letters(action: str | None, said: str) -> None:
    assert letters(call(action=action)) == said


@pytest.mark.parametrize(
    ("cache", "action", "shown", "said"),
    [
        ("hit", None, "H", "hit"),
        ("join", "redact email", "JT", "join, redact email"),
        ("miss", "wait 1.2 s", "W", "wait 1.2 s"),
        ("miss", None, "", None),
    ],
)
def test_what_the_cache_answered_is_told_before_it(
    cache: str, action: str | None, shown: str, said: str | None
) -> None:
    """A miss was asked of its provider like any other call."""
    one = call(action=action, cache=cache)

    assert (letters(one), done(one)) == (shown, said)


def test_each_letter_is_explained_and_all_that_is_done_has_one() -> None:
    """What comes after a failure is a route, and one that was skipped was not taken."""
    said = " ".join(EXPLAINED)

    assert set(Kind) - LETTERS.keys() == {Kind.AFTER, Kind.SKIPPED}
    assert all(f" {letter} " in said for letter in LETTERS.values())


def test_a_status_is_that_of_http_or_what_came_in_its_place() -> None:
    calls = [call(status=200), call(error="cut"), call(), call(state="lost"), call(state="open")]

    assert [status(one, ()) for one in calls] == ["200", "cut", "-", "lost", "..."]
    assert [status(one, {"a"}) for one in calls] == ["200", "cut", "-", "lost", "died"]


def test_without_calls_or_room_there_are_no_lines() -> None:
    assert shown(80, 1) == plain(call_lines(snapshot(()), (), None, BLOCKS, 80, 9)) == []
