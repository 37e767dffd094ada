"""A caller's own page: who it is, what it has left, what it called today."""

from collections.abc import Iterator

from tollway.identity.whoami import Whoami
from tollway.page.budgets import budgets_table
from tollway.page.calls import calls_table
from tollway.page.figures import count
from tollway.page.html import Child, Markup, element
from tollway.page.looks import LATEST, Mine
from tollway.page.reasons import reasons_table, refusals
from tollway.page.spend import course, spent_table, sums, total

FEW = 10
"""Calls and budgets on the first page."""


def first(who: Whoami, mine: Mine) -> Child:
    """All of it, in short."""
    told = [*total(mine.total), ("Refused by Tollway", count(refusals(mine.reasons)))]
    return [
        identity(who),
        element("h2", "Today"),
        sums(told),
        course(mine.total, mine.slots, mine.zone),
        element("h2", "Budgets"),
        budgets_table(mine.standings[:FEW], "What your calls count in", mine.now_us, mine.zone),
        _more(len(mine.standings), "/budgets", "budgets"),
        element("h2", "Calls"),
        calls_table(mine.calls[:FEW], "Your latest calls today", mine.now_us, mine.zone, mine.orphaned),
        _more(mine.total.calls, "/calls", "calls"),
    ]


def calls(mine: Mine) -> Child:
    """The calls of today."""
    number = mine.total.calls
    caption = "Your calls today, latest first"
    if number > LATEST:
        caption = f"The latest {LATEST} of your {number:,} calls today"
    return [
        sums(total(mine.total)),
        course(mine.total, mine.slots, mine.zone),
        *(
            [element("h2", f"By {by}"), spent_table(by, lines, f"What your calls today cost, by {by}")]
            for by, lines in mine.spent.items()
        ),
        element("h2", "Without an answer"),
        reasons_table(mine.reasons, "Why calls of yours had no answer today"),
        element("h2", "Calls"),
        calls_table(mine.calls, caption, mine.now_us, mine.zone, mine.orphaned),
    ]


def budgets(mine: Mine) -> Child:
    """The budgets, and what is to know of them."""
    return [
        budgets_table(mine.standings, "What your calls count in", mine.now_us, mine.zone),
        element(
            "p",
            "Some of them are shared: what others spend there is gone for you, too. A call in flight holds "
            "the most that it can come to, until it ends.",
            class_="quiet",
        ),
    ]


def identity(who: Whoami) -> Markup:
    """Who the caller is."""
    pairs = [(element("dt", name), element("dd", said)) for name, said in _names(who)]
    return element("dl", pairs, class_="names")


def _names(who: Whoami) -> Iterator[tuple[str, str]]:
    if who.message is not None:
        yield "Note", who.message
    elif not who.known:
        yield "You are", "nobody whom Tollway knows; who calls from your address shares what is here"
    for name in ("user", "service", "team", "role"):
        if (value := getattr(who, name)) is not None:
            yield name.capitalize(), value
    if who.groups is None:
        yield "Groups", "unknown, since there are more of them than the token can say"
    elif who.groups:
        yield "Groups", ", ".join(who.groups)
    yield from sorted(who.claims.items())
    if who.network is not None:
        yield "Network", who.network
    yield "Address", who.address
    if who.known:
        yield "Known by", f"{who.identity}, {'verified' if who.verified else 'not verified'}"


def _more(number: int, path: str, what: str) -> Child:
    if number <= FEW:
        return None
    return element("p", element("a", f"All {number:,} {what}", href=path))
