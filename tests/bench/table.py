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
    places: int = 2
    """Decimals that figures are shown with."""

    def text(self) -> str:
        """`≤ 1.10x, goal 0.90x`."""
        goal = "" if self.goal is None else f", goal {self.goal:g}{self.unit}"
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit}{goal}"

    def shown(self, figure: Figure) -> str:
        """The figure, in the bar's unit."""
        return figure.text(self.unit, self.places)

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
    works: list[tuple[str, ...]] = field(default_factory=list)
    """What is done inside of one process, CPU each, how many a second: as text."""
    notes: list[str] = field(default_factory=list)

    def bar(self, bar: Bar, figure: Figure) -> None:
        """Add a figure, and show it."""
        self.bars.append((bar, figure))
        print(f"  -> {bar.what}: {bar.shown(figure)} ({bar.text()}: {bar.verdict(figure)})", flush=True)

    def cost(self, *cells: str) -> None:
        """Add a row of absolute figures, and show it."""
        self.costs.append(cells)
        print("     " + " | ".join(cells[1:]), flush=True)

    def work(self, what: str, cpu: Figure, rate: Figure) -> None:
        """Add a row of absolute figures of work inside of one process: microseconds, and pieces a second."""
        self.works.append((what, cpu.text(places=0), rate.text(places=0)))
        print("     " + " | ".join(self.works[-1]), flush=True)

    def note(self, text: str) -> None:
        """Add a sentence below the tables."""
        self.notes.append(text)
        print(f"     {text}", flush=True)

    def missed(self) -> bool:
        """Whether a bar was not reached, or nothing was measured."""
        return not self.bars or any(bar.verdict(figure) == "MISSED" for bar, figure in self.bars)

    def markdown(self) -> str:
        """The tables, with what there is to say about them."""
        bars = [(bar.what, bar.text(), bar.shown(figure), bar.verdict(figure)) for bar, figure in self.bars]
        parts = [_table(("what", "bar", "median [spread]", "verdict"), bars)] if bars else []
        if self.costs:
            parts.append(
                _table(("call", "proxy", "CPU ms per call", "ms to first byte", "ms to last"), self.costs)
            )
        if self.works:
            parts.append(_table(("inside one process", "CPU µs each", "each second"), self.works))
        return "\n\n".join([*parts, *self.notes]) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
