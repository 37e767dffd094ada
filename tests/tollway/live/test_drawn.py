"""Lines as rich draws them."""

import io

from rich.console import Console, RenderableType
from rich.text import Text

from tests.tollway.live.samples import snapshot
from tollway.live.columns import Column, table
from tollway.live.drawn import Drawn
from tollway.live.glyphs import BLOCKS
from tollway.live.screen import screen
from tollway.live.view import Page, View

WIDTH, HEIGHT = 160, 40


def drawn(what: RenderableType) -> str:
    """What a terminal with colours gets."""
    console = Console(file=io.StringIO(), force_terminal=True, color_system="256", width=WIDTH, height=HEIGHT)
    with console.capture() as found:
        console.print(what, end="")
    return found.get()


def test_the_view_is_drawn_as_rich_would_draw_it_as_one_text() -> None:
    for page in (Page.MAIN, Page.CALL, Page.HELP):
        lines = screen(snapshot(), View(page=page, chosen="c3"), BLOCKS, WIDTH, HEIGHT)

        assert drawn(Drawn(lines)) == drawn(Text("\n").join(lines))


def test_what_has_a_style_may_end_in_blanks() -> None:
    """They are cut from the line, and from where the style reaches to."""
    lines = table([Column(name="a", cells=["x   ", Text("y  ", style="bold")], style="dim")], 10, [], "~")

    assert [line.plain for line in lines] == ["a", "x", "y"]
    assert drawn(Drawn(lines)) == "\x1b[2ma\x1b[0m\n\x1b[2mx\x1b[0m\n\x1b[1my\x1b[0m"
