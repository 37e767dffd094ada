"""Bars and sparklines, of block characters or of plain ASCII."""

from collections.abc import Sequence

from msgspec import Struct
from rich.text import Text


class Glyphs(Struct, frozen=True, kw_only=True):
    """What a terminal can show."""

    settled: str
    held: str
    left: str
    spark: str
    """From the lowest to the highest; the first stands for nothing."""
    arrow: str
    cut: str
    """In the place of what has no room."""
    rule: str

    def bar(self, settled: float, held: float, width: int) -> tuple[int, int, int]:
        """How many cells are settled, held and left; what is not nothing has one, if there is room."""
        full = min(max(settled + held, 0.0), 1.0)
        least = int(settled > 0) + int(held > 0)
        taken = min(max(round(full * width), least), width if full == 1 else max(width - 1, 0))
        if held <= 0 or taken == 0:
            return taken, 0, width - taken
        most = taken - 1 if settled > 0 and taken > 1 else taken
        holding = min(max(round(min(held, full) * width), 1), most)
        return taken - holding, holding, width - taken

    def sparkline(self, values: Sequence[int], width: int) -> str:
        """The latest values, one a cell, the highest as high as can be."""
        shown = [0] * max(width - len(values), 0) + list(values[-width:] if width > 0 else ())
        most = max(shown, default=0)
        steps = len(self.spark) - 1
        return "".join(self.spark[-(-value * steps // most) if most and value > 0 else 0] for value in shown)


BLOCKS = Glyphs(settled="█", held="▒", left="░", spark=" ▁▂▃▄▅▆▇█", arrow="→", cut="…", rule="─")
ASCII = Glyphs(settled="#", held="+", left=".", spark=" .:-=+*#", arrow=">", cut="~", rule="-")


def glyphs(encoding: str) -> Glyphs:
    """What a terminal of this encoding shows."""
    return BLOCKS if encoding.lower().replace("-", "").startswith("utf") else ASCII


def fit(text: str, width: int, cut: str = BLOCKS.cut) -> str:
    """The text, cut to so many cells: some characters take two."""
    shown = Text(text)
    if shown.cell_len <= width:
        return text
    shown.truncate(max(width - 1, 0))
    return shown.plain + cut[:width]
