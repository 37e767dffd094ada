"""What each key does."""

from functools import reduce

import pytest

from tests.tollway.live.samples import CALLS
from tollway.live.span import Span
from tollway.live.spent import BY
from tollway.live.view import KEYS, SORTS, Page, View, press


def after(*keys: str, view: View | None = None) -> View:
    return reduce(lambda view, key: press(view, key, CALLS), keys, view or View())


def test_calls_are_chosen_with_arrows_and_their_page_opens() -> None:
    assert [after(*keys).chosen for keys in (["j"], ["down", "down"], ["j"] * 9, ["j", "up"], ["k"])] == [
        "c5", "c4", "c1", "c5", "c5",
    ]  # fmt: skip
    assert after("j", "pagedown").chosen == "c1"
    assert (after("j", "enter").page, after("j", "enter").chosen) == (Page.CALL, "c5")
    assert (after("enter").page, after("enter").chosen) == (Page.MAIN, "c5")
    assert after("j", "enter", "esc").page is Page.MAIN


def test_where_there_are_no_calls_none_is_chosen() -> None:
    assert press(View(), "j", ()) == press(View(), "enter", ()) == View()


def test_a_call_that_is_gone_is_chosen_no_more() -> None:
    assert after("j", view=View(chosen="gone")).chosen == "c5"
    assert after("u", view=View(chosen="gone")).only is None


def test_a_users_and_a_sessions_calls_are_shown_alone() -> None:
    assert after("j", "enter", "u") == View(only=("user", "ann"), chosen="c5")
    assert after("j", "j", "o") == View(only=("session", "s-1"), chosen="c4")
    assert after("/", "a", "enter", "j", "u") == View(only=("user", "ann"), chosen="c5")
    assert after("j", "u", "esc") == View()
    assert after("j", "o").only is None
    assert after(*"jjjjj", "u").only is None


def test_a_filter_is_written_and_taken_back() -> None:
    assert after("/", *"gptx", "backspace", "enter").filter == "gpt"
    assert after("/", *"gpt", "esc") == View()
    assert after("/", *"q?j").typing == "q?j"
    assert after("/", "a", "enter", "/", "b").typing == "ab"
    assert after("/", "up", "pagedown").typing == ""
    assert after("/", "a", "enter", "esc").filter == ""


def test_choices_go_round() -> None:
    assert [after(*"s" * n).sort for n in range(5)] == [*SORTS, SORTS[0]]
    assert {after(*"g" * n).group for n in range(5)} == set(BY)
    assert after(*"g" * 5) == View()
    assert [after(*"t" * n).span for n in range(3)] == [Span.TODAY, Span.WEEK, Span.MONTH]
    assert (after("p").paused, after("p", "p").paused) == (True, False)


def test_help_opens_and_any_key_leaves_it() -> None:
    assert after("?").page is Page.HELP
    assert [after("?", key).page for key in ("?", "esc", "x", "s")] == [Page.MAIN] * 4


@pytest.mark.parametrize("key", ["q", "ctrl-c"])
def test_one_leaves_from_any_page(key: str) -> None:
    assert all(after(*keys, key).done for keys in ([], ["?"], ["j", "enter"]))
    assert not after("/", key).done


def test_a_key_without_a_meaning_changes_nothing() -> None:
    assert after("x", "é", "backspace") == View()


def test_every_command_is_explained() -> None:
    explained = " ".join(key for key, _ in KEYS).split()

    assert {"q", "p", "s", "g", "t", "/", "u", "o", "enter", "esc"} <= set(explained)
