"""Lines that have been cut to a terminal's width, as rich draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text


@dataclass(frozen=True)
class Drawn:
    """Rich need not look for where to wrap them, which takes as long as all the rest."""

    lines: Sequence[Text]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for number, line in enumerate(self.lines):
            if number:
                yield Segment.line()
            if line.spans:
                yield from line.render(console)
            else:  # there `render` forgets the style of the whole
                yield Segment(line.plain, console.get_style(line.style))
