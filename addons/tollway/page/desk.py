"""What can be asked for at `tollway.internal`: which pages there are, and in which form."""

from enum import Enum
from urllib.parse import parse_qs

from tollway.live.span import SPANS, Span

METHODS = ("GET", "HEAD")
LONGEST_QUERY = 200


class Page(Enum):
    """The pages, by their path."""

    MINE = "/"
    CALLS = "/calls"
    BUDGETS = "/budgets"
    SETUP = "/setup"
    ALL = "/all"
    ROOT = "/ca.pem"
    WHOAMI = "/whoami"

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self]


TITLES = {
    Page.MINE: "Your page",
    Page.CALLS: "Your calls today",
    Page.BUDGETS: "Your budgets",
    Page.SETUP: "Set up your system",
    Page.ALL: "Everything",
    Page.ROOT: "The CA's certificate",
    Page.WHOAMI: "Who you are",
}


def find(target: str) -> Page | None:
    """The page that a request's target names, its query apart; None: there is none."""
    path = target.partition("?")[0]
    return next((page for page in Page if page.value == path), None)


def asked(target: str, name: str) -> str | None:
    """What the query says of a name; None: nothing, or nothing short."""
    query = target.partition("?")[2]
    return parse_qs(query[:LONGEST_QUERY]).get(name, [None])[0]


def span(target: str) -> Span:
    """How far back is looked: what `?span=` says, else today."""
    return SPANS.get(asked(target, "span") or "", Span.TODAY)
