"""What a person at the view has chosen, and what each key makes of it."""

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from tollway.live.span import Span
from tollway.live.spent import BY
from tollway.model import CallRecord

SORTS = ("time", "cost", "tokens", "took")
"""What calls are sorted by, the latest, dearest, longest first."""
KEYS = (
    ("↑ ↓ j k", "choose a call"),
    ("enter", "show the call; esc goes back"),
    ("u", "only calls of its user"),
    ("o", "only calls of its session"),
    ("/", "filter: words, or user:ann model:opus status:529 action:route"),
    ("s", "sort calls: time, cost, tokens, took"),
    ("g", "group what is spent: user, team, model, provider, program"),
    ("t", "time: last hour, today, 7 days, 30 days"),
    ("p", "pause, and go on"),
    ("esc", "back, to all calls"),
    ("q", "quit"),
)
"""Each with what it does."""


class Page(Enum):
    """What is shown."""

    MAIN = "main"
    CALL = "call"
    HELP = "help"


class View(Struct, frozen=True, kw_only=True):
    """One person's choice."""

    page: Page = Page.MAIN
    sort: str = SORTS[0]
    group: str = "model"
    span: Span = Span.TODAY
    only: tuple[str, str] | None = None
    """An attribute of calls, and its value: calls of another one are not shown."""
    filter: str = ""
    typing: str | None = None
    """A filter that is being written; None: keys are commands."""
    chosen: str | None = None
    """The id of a call."""
    paused: bool = False
    done: bool = False
    """The person has left."""


def press(view: View, key: str, shown: Sequence[CallRecord]) -> View:
    """The view after a key: a character, or `up`, `down`, `enter`, `esc`, `backspace`. `shown`: the calls, in
    their order."""
    if view.typing is not None:
        return _typed(view, view.typing, key)
    if key in ("q", "ctrl-c"):
        return replace(view, done=True)
    if key == "?":
        return replace(view, page=Page.MAIN if view.page is Page.HELP else Page.HELP)
    if key == "esc":
        return _back(view)
    if view.page is Page.HELP:
        return replace(view, page=Page.MAIN)
    if key in _MOVES:
        return _moved(view, _MOVES[key], shown)
    return _chosen(view, key, shown)


_MOVES = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10}


def _typed(view: View, typing: str, key: str) -> View:
    if key == "enter":
        return replace(view, filter=typing.strip(), typing=None)
    if key in ("esc", "ctrl-c"):
        return replace(view, typing=None)
    if key == "backspace":
        return replace(view, typing=typing[:-1])
    return replace(view, typing=typing + key) if len(key) == 1 and key.isprintable() else view


def _back(view: View) -> View:
    if view.page is not Page.MAIN:
        return replace(view, page=Page.MAIN)
    return replace(view, only=None, filter="", chosen=None)


def _moved(view: View, by: int, shown: Sequence[CallRecord]) -> View:
    if not shown:
        return view
    ids = [call.id for call in shown]
    at = ids.index(view.chosen) + by if view.chosen in ids else 0
    return replace(view, chosen=ids[min(max(at, 0), len(ids) - 1)])


def _chosen(view: View, key: str, shown: Sequence[CallRecord]) -> View:
    call = next((call for call in shown if call.id == view.chosen), None)
    if key == "enter":
        return replace(view, page=Page.CALL) if call is not None else _moved(view, 1, shown)
    if key == "u" and call is not None and call.user:
        return replace(view, page=Page.MAIN, only=("user", call.user), filter="")
    if key == "o" and call is not None and call.session:
        return replace(view, page=Page.MAIN, only=("session", call.session), filter="")
    if key == "/":
        return replace(view, page=Page.MAIN, typing=view.filter)
    if key == "s":
        return replace(view, sort=_after(SORTS, view.sort))
    if key == "g":
        return replace(view, group=_after(BY, view.group))
    if key == "t":
        return replace(view, span=view.span.next)
    return replace(view, paused=not view.paused) if key == "p" else view


def _after(names: Sequence[str], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]
