"""Pictures of amounts, drawn here as SVG: each says in words what it shows. All of it in integers."""

from collections.abc import Sequence

from tollway.page.html import Markup, element

WIDTH, HEIGHT = 160, 14
"""Of a bar, in pixels."""
COLUMN, GAP, CHART = 12, 3, 120
"""Of a column: its width, what is between two, and the highest one's height."""


def budget_bar(settled: int, held: int, amount: int, said: str) -> Markup:
    """What is settled, held and left of an amount. `said`: the same in words."""
    whole = max(amount, settled + held, 1)
    taken = _part(settled, whole, WIDTH)
    holding = min(_part(held, whole, WIDTH), WIDTH - taken)
    is_full = settled + held >= amount
    return _svg(
        WIDTH,
        HEIGHT,
        said,
        [
            _rectangle(0, 0, WIDTH, HEIGHT, "left"),
            _rectangle(0, 0, taken, HEIGHT, "full" if is_full else "settled"),
            _rectangle(taken, 0, holding, HEIGHT, "held"),
        ],
    )


def share_bar(amount: int, most: int, said: str) -> Markup:
    """An amount beside the largest of its kind."""
    return _svg(WIDTH, HEIGHT, said, [_rectangle(0, 0, _part(amount, most, WIDTH), HEIGHT, "settled")])


def columns(amounts: Sequence[int], said: str) -> Markup:
    """Amounts one after the other, the highest as high as can be."""
    most, width = max(amounts, default=0), len(amounts) * (COLUMN + GAP)
    drawn = [
        _rectangle(i * (COLUMN + GAP), CHART - height, COLUMN, height, "settled")
        for i, amount in enumerate(amounts)
        if (height := _part(amount, most, CHART))
    ]
    axis = element("line", x1=0, y1=CHART, x2=width, y2=CHART, class_="axis")
    return _svg(width, CHART + 1, said, [*drawn, axis])


def _part(amount: int, whole: int, length: int) -> int:
    """As many pixels of a length; what is not nothing has one."""
    return max(length * amount // whole, 1) if amount > 0 < whole else 0


def _rectangle(x: int, y: int, width: int, height: int, kind: str) -> Markup:
    return element("rect", x=x, y=y, width=width, height=height, class_=kind)


def _svg(width: int, height: int, said: str, shapes: Sequence[Markup]) -> Markup:
    return element(
        "svg",
        element("title", said),
        shapes,
        role="img",
        aria_label=said,
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
    )
