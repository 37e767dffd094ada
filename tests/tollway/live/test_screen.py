"""The whole view, line by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.live.samples import CALLS, PLANS, plain, snapshot
from tests.tollway.reporting.budget_samples import ROWS, row
from tollway.live.glyphs import ASCII, BLOCKS
from tollway.live.screen import calls_of, screen
from tollway.live.view import SORTS, Page, View, press
from tollway.money import NANO
from tollway.reporting.budgets import standings
from tollway.reporting.figures import printable

GOLDEN = Path(__file__).parents[2] / "golden" / "live"
VIEWS = {
    "80x24": (View(), 80, 24),
    "150x30": (View(chosen="c3"), 150, 30),
    "call-100x24": (View(page=Page.CALL, chosen="c3"), 100, 24),
    "help-80x24": (View(page=Page.HELP), 80, 24),
    "plans-100x30": (View(), 100, 30),
    "filter-60x14": (View(filter="user:ann", typing="bo", sort="cost", group="user"), 60, 14),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_view_is_what_was_agreed(name: str) -> None:
    """tests/golden/live has it as a terminal shows it."""
    view, width, height = VIEWS[name]

    plans = PLANS if name.startswith("plans") else ()

    assert plain(screen(snapshot(plans=plans), view, BLOCKS, width, height)) == (
        GOLDEN / f"{name}.txt"
    ).read_text("utf-8").split("\n")


@given(
    width=st.integers(1, 200), height=st.integers(1, 60), page=st.sampled_from(Page),
    sort=st.sampled_from(SORTS), filter=st.sampled_from(["", "ann", "nobody"]), key=st.sampled_from("uox"),
    typing=st.none() | st.just("é" * 99), bare=st.booleans(),
    text=st.text(max_size=40) | st.sampled_from(["ann\x1b[2J", "a\nb"]),
)  # fmt: skip
def test_it_is_as_high_as_the_terminal_and_no_wider(
    width: int, height: int, page: Page, sort: str, filter: str, key: str, typing: str | None, bare: bool,
    text: str,
) -> None:  # fmt: skip
    """Whatever clients call themselves, also where their calls are asked for."""
    hostile = call("h", user=text, session=text, program=text, model=text, action=text, state="open")
    chosen = press(View(page=page, sort=sort, filter=filter, chosen="h"), key, (hostile,))
    view = replace(chosen, typing=typing)
    of = (
        snapshot((), standings=(), spent={view.group: ()}, alerts=())
        if bare
        else snapshot((hostile, *CALLS), plans=PLANS)
    )

    lines = screen(of, view, ASCII, width, height)

    assert len(lines) == height
    assert max(line.cell_len for line in lines) <= width
    assert not any("\n" in line.plain or "\x1b" in line.plain for line in lines)


def test_a_filter_that_no_call_matches_says_so_and_so_does_a_ledger_without_calls() -> None:
    nobody = plain(screen(snapshot(), View(filter="nobody"), ASCII, 80, 24))
    quiet = plain(screen(snapshot(()), View(), ASCII, 80, 24))

    assert "No call matches: esc shows all." in nobody
    assert "No calls yet: lead a program through the proxy, as with `tollway run -- claude`." in quiet


def test_a_page_of_a_call_that_is_gone_is_the_main_one() -> None:
    gone = View(page=Page.CALL, chosen="gone")

    assert plain(screen(snapshot(), gone, ASCII, 80, 24)) == plain(screen(snapshot(), View(), ASCII, 80, 24))


def test_what_is_spent_has_all_the_room_where_there_are_no_budgets() -> None:
    lines = plain(screen(snapshot(standings=()), View(), ASCII, 150, 30))

    assert lines[2].startswith("-- today, by model --")


@pytest.mark.parametrize(
    ("sort", "first"), [("time", "c5"), ("cost", "c1"), ("tokens", "c3"), ("took", "c3")]
)
def test_calls_are_sorted_by_what_was_chosen(sort: str, first: str) -> None:
    assert calls_of(snapshot(), View(sort=sort))[0].id == first


def test_a_call_whose_process_died_is_not_the_longest_for_ever() -> None:
    died = call("died", state="open", started_us=NOON_US - 10**12)

    for orphaned, place in ((frozenset[str](), 0), (frozenset({"died"}), -1)):
        assert calls_of(snapshot((died, *CALLS), orphaned=orphaned), View(sort="took"))[place].id == "died"


def test_a_users_calls_are_those_of_no_other_whose_name_has_it() -> None:
    """A name may have blanks, and control characters, which no terminal is to get."""
    name = "ann lee\x1b[2J"
    calls = (call("1", user=name), call("2", user=f"jo{name}"), call("3", user="ann"), call("4"))

    for user, id in ((name, "1"), ("ann", "3")):
        view = View(only=("user", user))
        (rule,) = [line for line in plain(screen(snapshot(calls), view, ASCII, 80, 24)) if "calls by" in line]

        assert [one.id for one in calls_of(snapshot(calls), view)] == [id]
        assert rule.startswith(f"-- calls by time, user {printable(user)} --")


def test_a_filter_is_looked_for_in_a_users_calls() -> None:
    assert [one.id for one in calls_of(snapshot(), View(only=("user", "ann"), filter="opus"))] == ["c5"]


@pytest.mark.parametrize("page", Page)
def test_no_colours_are_used_that_many_people_can_t_tell_apart(page: Page) -> None:
    """Red and green."""
    full = standings([row(settled=10 * NANO), row("nearly", settled=8 * NANO), *ROWS], NOON_US)
    lines = screen(snapshot(standings=full), View(page=page, chosen="c3"), BLOCKS, 150, 40)

    words = " ".join(
        str(each) for line in lines for each in (line.style, *(span.style for span in line.spans))
    )

    assert set(words.split()) <= {"bold", "dim", "reverse", "blue", "cyan", "yellow"}
    assert page is not Page.MAIN or {"blue", "cyan", "yellow", "reverse"} <= set(words.split())


def test_nothing_has_room_in_a_tiny_terminal() -> None:
    assert plain(screen(snapshot(), View(), ASCII, 20, 2)) == ["too small for tollw~", ""]
