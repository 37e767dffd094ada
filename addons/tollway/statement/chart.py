"""The course of a month as a picture: a column for each day, drawn as SVG in integers."""

from collections.abc import Sequence

from tollway.page.figures import money
from tollway.page.html import Markup, element
from tollway.reporting.figures import decimals, fixed

WIDTH, HEIGHT = 720, 150
"""Of the area that columns stand in, in units of the picture: it is as wide as the page."""
LEFT, TOP, BOTTOM = 4, 18, 20
"""What is beside it for words."""
EVERY = 5
"""Days from one that is named to the next."""


def course(days: Sequence[str], amounts: Sequence[int], said: str) -> Markup:
    """A column for each day, the dearest as high as can be. `said`: the same in words."""
    most, width = max(amounts, default=0), WIDTH // max(len(days), 1)
    drawn = []
    for place, amount in enumerate(amounts):
        height = max(HEIGHT * amount // most, 1) if amount > 0 < most else 0
        drawn.append(_column(LEFT + place * width, TOP + HEIGHT - height, max(width - 3, 1), height))
    named = [
        _word(LEFT + place * width + width // 2, TOP + HEIGHT + 14, _number(day), "middle")
        for place, day in enumerate(days)
        if _is_named(place, len(days))
    ]
    whole = LEFT + WIDTH + LEFT
    return element(
        "svg",
        element("title", said),
        _word(LEFT, TOP - 6, f"${fixed(most, decimals([most]), ',')}", "start"),
        element("line", x1=LEFT, y1=TOP, x2=LEFT + WIDTH, y2=TOP, class_="axis faint"),
        drawn,
        element("line", x1=LEFT, y1=TOP + HEIGHT, x2=LEFT + WIDTH, y2=TOP + HEIGHT, class_="axis"),
        named,
        role="img",
        aria_label=said,
        class_="course",
        viewBox=f"0 0 {whole} {TOP + HEIGHT + BOTTOM}",
    )


def in_words(days: Sequence[str], amounts: Sequence[int]) -> str:
    """What the picture shows."""
    if not any(amounts):
        return "Nothing was spent on any day"
    most = max(amounts)
    spent = sum(amount > 0 for amount in amounts)
    on = days[list(amounts).index(most)]
    total = money(sum(amounts))
    return f"Spent: {total} on {spent} of {len(days)} days; most, {money(most)}, on {on}"


def _number(day: str) -> str:
    return day[8:].lstrip("0")


def _is_named(place: int, days: int) -> bool:
    """The first day, each fifth, and the last where it does not stand on another's toes."""
    if place == days - 1:
        return True
    return (place == 0 or (place + 1) % EVERY == 0) and days - 1 - place > 1


def _column(x: int, y: int, width: int, height: int) -> Markup:
    return element("rect", x=x, y=y, width=width, height=height, class_="settled")


def _word(x: int, y: int, text: str, anchor: str) -> Markup:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_="word")
