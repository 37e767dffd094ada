"""The bars, whether they are met, and the Markdown tables that say so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.figures import Figure


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What a figure has to reach."""

    what: str
    limit: float
    unit: str = "x"
    at_least: bool = False
    """Whether more is better."""
    goal: float | None = None
    """Better than the bar asks for."""
    worst: bool = False
    """Whether the worst measurement counts, and not the median."""

    def text(self) -> str:
        """`≤ 1.10x, goal 0.90x`."""
        goal = "" if self.goal is None else f", goal {self.goal:g}{self.unit}"
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit}{goal}"

    def verdict(self, figure: Figure) -> str:
        """`met`, `met, goal too` or `MISSED`."""
        value = figure.median
        if self.worst:
            value = figure.low if self.at_least else figure.high
        if not self._reached(value, self.limit):
            return "MISSED"
        return "met, goal too" if self.goal is not None and self._reached(value, self.goal) else "met"

    def _reached(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit


@dataclass
class Results:
    """What a run has found so far."""

    bars: list[tuple[Bar, Figure]] = field(default_factory=list)
    costs: list[tuple[str, ...]] = field(default_factory=list)
    """Comparison, subject, CPU per call, first byte, whole call: as text."""
    notes: list[str] = field(default_factory=list)

    def bar(self, bar: Bar, figure: Figure) -> None:
        """Add a figure, and show it."""
        self.bars.append((bar, figure))
        print(f"  -> {bar.what}: {figure.text(bar.unit)} ({bar.text()}: {bar.verdict(figure)})", flush=True)

    def cost(self, *cells: str) -> None:
        """Add a row of absolute figures, and show it."""
        self.costs.append(cells)
        print("     " + " | ".join(cells[1:]), flush=True)

    def note(self, text: str) -> None:
        """Add a sentence below the tables."""
        self.notes.append(text)
        print(f"     {text}", flush=True)

    def missed(self) -> bool:
        """Whether a bar was not reached, or nothing was measured."""
        return not self.bars or any(bar.verdict(figure) == "MISSED" for bar, figure in self.bars)

    def markdown(self) -> str:
        """The tables, with what there is to say about them."""
        bars = [
            (bar.what, bar.text(), figure.text(bar.unit), bar.verdict(figure)) for bar, figure in self.bars
        ]
        parts = [_table(("what", "bar", "median [spread]", "verdict"), bars)] if bars else []
        if self.costs:
            parts.append(
                _table(("call", "proxy", "CPU ms per call", "ms to first byte", "ms to last"), self.costs)
            )
        return "\n\n".join([*parts, *self.notes]) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
