"""The view in a terminal: drawn anew each second, and at each key."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from tollway.live.drawn import Drawn
from tollway.live.glyphs import Glyphs, glyphs
from tollway.live.keyboard import Keyboard, raw
from tollway.live.screen import PLANS, calls_of, screen
from tollway.live.snapshot import Snapshot
from tollway.live.span import Span
from tollway.live.view import View, press
from tollway.live.watch import Watch

EVERY = 1.0
"""Seconds between two looks."""
PLAIN_CALLS = 20
"""Of a view that is printed once."""
PLAIN_LINES = 24


def follow(watch: Watch, span: Span) -> None:
    """Show it until the person leaves. Raises LedgerError."""
    console = Console()
    shown = glyphs(console.encoding)
    with raw(sys.stdin.fileno()) as keyboard, _live(console) as live:
        view, snapshot = View(span=span), watch.snapshot(span)
        while not view.done:
            live.update(_drawn(snapshot, view, shown, console), refresh=True)
            view = _pressed(view, keyboard, snapshot)
            if not view.paused or view.span is not snapshot.span:
                snapshot = watch.snapshot(view.span)


def plain(snapshot: Snapshot, width: int, encoding: str) -> str:
    """The view as text, for once."""
    height = PLAIN_LINES + min(len(snapshot.calls), PLAIN_CALLS) + len(snapshot.standings)
    height += 2 * PLANS if snapshot.plans else 0
    lines = [
        line.plain.rstrip()
        for line in screen(snapshot, View(span=snapshot.span), glyphs(encoding), width, height)
    ]
    while lines and (not lines[-1] or lines[-1].startswith("q quit")):
        lines.pop()
    return "\n".join(lines)


def _drawn(snapshot: Snapshot, view: View, shown: Glyphs, console: Console) -> Drawn:
    return Drawn(screen(snapshot, view, shown, console.width, console.height))


def _pressed(view: View, keyboard: Keyboard, snapshot: Snapshot) -> View:
    for key in keyboard.wait(EVERY):
        view = press(view, key, calls_of(snapshot, view))
    return view


@contextmanager
def _live(console: Console) -> Iterator[Live]:
    """A screen of its own, that is put back however it ends: by a signal, too."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with Live(Text(""), console=console, screen=True, auto_refresh=False, transient=True) as live:
            yield live
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
