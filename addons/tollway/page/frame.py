"""What all pages have around them."""

from collections.abc import Sequence

from msgspec import Struct

from tollway.page.desk import TITLES, Page
from tollway.page.html import Child, Markup, element, written
from tollway.page.style import STYLE

LISTED = (Page.MINE, Page.CALLS, Page.BUDGETS, Page.SETUP, Page.ALL)
"""Pages that each links to, in their order; the last for administrators alone."""


class Frame(Struct, frozen=True, kw_only=True):
    """What a page says beside what it is about."""

    page: Page | None
    """None: there is no such page."""
    is_administrator: bool = False
    foot: Child = ()
    """At its end."""

    def around(self, title: str, *content: Child) -> bytes:
        """The whole document."""
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{title} · Tollway"),
            element("style", Markup(STYLE)),
        )
        main = element("main", element("h1", title), content, id="main", tabindex=-1)
        skip = element("a", "Skip to the content", href="#main", class_="skip")
        header = element("header", element("p", "Tollway"), _navigation(self._listed(), self.page))
        body = element("body", skip, header, main, element("footer", self.foot))
        return f"<!doctype html>\n{written(element('html', head, body, lang='en'))}\n".encode()

    def _listed(self) -> Sequence[Page]:
        return LISTED if self.is_administrator else LISTED[:-1]


def _navigation(pages: Sequence[Page], here: Page | None) -> Markup:
    links = [
        element("a", TITLES[page], href=page.value, aria_current="page" if page is here else None)
        for page in pages
    ]
    return element("nav", element("ul", [element("li", link) for link in links]), aria_label="Pages")
