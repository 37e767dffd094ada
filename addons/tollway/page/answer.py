"""Answers: a page in the form that its reader asked for, and what is said where there is none."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from tollway.identity.whoami import Whoami
from tollway.live.figures import clock
from tollway.page.accept import HTML, JSON
from tollway.page.desk import TITLES, Page
from tollway.page.frame import Frame
from tollway.page.html import Child, element
from tollway.page.setup import FILE, Root, file_of
from tollway.reporting.visible import visible

PEM = "application/x-x509-ca-cert"
NO_PAGE = "There is no such page. There are:"
ONLY_READ = "These pages are only read: use GET."
NOT_YOURS = (
    "This page is for administrators. The policy of this proxy says who they are (its key `admins`; where it "
    "has no `identity`, those who call from the proxy's own machine): ask who runs it."
)


class Answer(Struct, frozen=True, kw_only=True):
    """What goes back."""

    status: int
    kind: str
    """Its media type."""
    body: bytes
    headers: Mapping[str, str] = {}
    """Beside those that all have."""


class Visit(Struct, frozen=True, kw_only=True):
    """Who asks for which page, and how."""

    page: Page | None
    """None: there is no such page."""
    who: Whoami
    is_administrator: bool
    json: bool
    """It is to be JSON."""
    zone: ZoneInfo
    now_us: int

    def shows(self, content: Child, said: Mapping[str, Any], status: int = 200) -> Answer:
        """A page, or the same for programs."""
        if self.json:
            text = visible(msgspec.json.encode(said).decode())
            return Answer(status=status, kind=JSON, body=f"{text}\n".encode())
        title = TITLES[self.page] if self.page is not None else "Not found"
        frame = Frame(page=self.page, is_administrator=self.is_administrator, foot=self._foot())
        return Answer(status=status, kind=f"{HTML}; charset=utf-8", body=frame.around(title, content))

    def fails(self, status: int, message: str, code: str, more: Child = None, **headers: str) -> Answer:
        """A page that says why there is none."""
        error = {"message": message, "type": "tollway_error", "code": code}
        answer = self.shows([element("p", message), more], {"error": error}, status)
        return msgspec.structs.replace(answer, headers=headers)

    def _foot(self) -> Child:
        return element("p", f"As of {clock(self.now_us, self.zone)}, {self.zone.key}.")


def no_page(visit: Visit) -> Answer:
    """There is no page of this name: names those that there are."""
    named = [page for page in Page if page is not Page.ALL or visit.is_administrator]
    links = [element("li", element("a", page.value, href=page.value), f": {page.title}") for page in named]
    message = f"{NO_PAGE} {', '.join(page.value for page in named)}"
    return visit.fails(404, message if visit.json else NO_PAGE, "not_found", element("ul", links))


def only_read(visit: Visit) -> Answer:
    """Another method than those that read."""
    return visit.fails(405, ONLY_READ, "method_not_allowed", allow="GET, HEAD")


def not_yours(visit: Visit) -> Answer:
    """The page of administrators, for others."""
    return visit.fails(403, NOT_YOURS, "not_an_administrator")


def stranger(visit: Visit) -> Answer:
    """Who may not call has nothing here, and what others share is not shown."""
    setup = element("p", "How to set up your system: ", element("a", Page.SETUP.title, href=Page.SETUP.value))
    return visit.fails(403, visit.who.message or "", "unauthenticated", setup)


def not_read(visit: Visit, why: str) -> Answer:
    """The figures could not be had."""
    return visit.fails(503, f"This page can't be shown now: {why}.", "not_read", retry_after="5")


def root_certificate(roots: Sequence[Root], id: str | None = None) -> Answer:
    """The certificate that clients are to trust, or all of them; of several, that of an id alone."""
    one = next((each for each in roots if each.id == id), None)
    name, body = (file_of(one), one.pem) if one else (FILE, b"".join(each.pem for each in roots))
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return Answer(status=200, kind=PEM, body=body, headers=kept)
