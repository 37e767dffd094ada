"""What is asked of the proxy itself: the pages of `http://tollway.internal/`, and who the caller is.

To the caller alone: in a browser no other origin gets to read it (no CORS header, see `own_answer`), and a
page that has come to stand under the proxy's name by DNS rebinding does not get here (see `own_name`). None
of it reaches the network. The ledger is read in a thread of its own (`reading`): no call waits for a page.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.mode_specs import TransparentMode

from tollway import exchange
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.identify import is_own
from tollway.hooks.own_answer import own_answer
from tollway.identity.whoami import whoami
from tollway.ledger import pages as ledger
from tollway.page import answer, mine
from tollway.page.accept import wants_json
from tollway.page.answer import Answer, Visit
from tollway.page.as_json import (
    budgets_as_json,
    calls_as_json,
    everything_as_json,
    first_as_json,
    setup_as_json,
)
from tollway.page.desk import METHODS, Page, asked, find, span
from tollway.page.everything import everything
from tollway.page.looks import Mine, Overview
from tollway.page.looks import mine as look_at_mine
from tollway.page.setup import NAMES, Root, Setup, setup, system_of
from tollway.reading import NotRead, Reading

NO_LEDGER = "this proxy has no ledger to read here"


class Pages:
    """Tells callers what is theirs, and administrators everything. A token that was not taken is answered by
    the step before."""

    def __init__(
        self,
        governing: Governing,
        reading: Reading | None,
        overlooking: Reading | None,
        roots: Callable[[], Sequence[Root]] | None,
        now: Callable[[], float],
    ) -> None:
        """`reading`, and `overlooking` for administrators' pages: None where there is no ledger to be read;
        `roots`: the CA's, that which signs first; None where the CA is another's."""
        self._governing = governing
        self._reading = reading
        self._overlooking = overlooking
        self._roots = roots
        self._now = now
        self._overview = Overview(now, time.monotonic)

    def requestheaders(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if flow.response or known is None or not is_own(known):
            return None
        visit = self._visit(flow, known)
        found = self._at_once(flow, visit)
        if found is None:
            return self._read(flow, known, visit)
        _answer(flow, found)
        return None

    def _visit(self, flow: HTTPFlow, known: Exchange) -> Visit:
        """By the policy in force now."""
        page, address = find(flow.request.path), _address(flow)
        plain = page in (None, Page.WHOAMI) or flow.request.method not in METHODS
        return Visit(
            page=page,
            who=whoami(known.identity, address, self._governing.callers.refuses),
            is_administrator=self._governing.administrators.have(known.identity, address),
            json=wants_json(flow.request.headers.get("accept"), plain),
            zone=self._governing.zone,
            now_us=int(self._now() * 1_000_000),
        )

    def _at_once(self, flow: HTTPFlow, visit: Visit) -> Answer | None:
        """The answer, unless it takes the ledger."""
        page = visit.page
        if page is None:
            return answer.no_page(visit)
        if flow.request.method not in METHODS:
            return answer.only_read(visit)
        if page is Page.WHOAMI:
            return visit.shows(mine.identity(visit.who), msgspec.to_builtins(visit.who))
        if page in (Page.ROOT, Page.SETUP):
            return self._of_the_root(flow, visit)
        if page is Page.ALL:
            return None if visit.is_administrator else answer.not_yours(visit)
        return None if visit.who.may_call else answer.stranger(visit)

    def _of_the_root(self, flow: HTTPFlow, visit: Visit) -> Answer:
        if self._roots is None:
            return answer.not_read(visit, "the certificates here are not of Tollway's CA")
        root, *others = self._roots()
        if visit.page is Page.ROOT:
            return answer.root_certificate((root, *others), asked(flow.request.path, "id"))
        said = Setup(
            root=root,
            others=tuple(others),
            proxy=_proxy(flow),
            takes_tokens=any(one.proxy_jwt is not None for one in self._governing.policy.identity),
            target=_target(flow),
        )
        return visit.shows(setup(said), setup_as_json(said))

    async def _read(self, flow: HTTPFlow, known: Exchange, visit: Visit) -> None:
        try:
            found = await self._looked(flow, known, visit)
        except NotRead as error:
            found = answer.not_read(visit, str(error))
        _answer(flow, found)

    async def _looked(self, flow: HTTPFlow, known: Exchange, visit: Visit) -> Answer:
        """Raises NotRead."""
        reading = self._overlooking if visit.page is Page.ALL else self._reading
        if reading is None:
            raise NotRead(NO_LEDGER)
        limits, who, zone, now_us = self._governing.limits, known.identity, visit.zone, visit.now_us
        if visit.page is Page.ALL:
            back = span(flow.request.path)

            def of_all(pages: ledger.Pages) -> Answer:
                all_ = self._overview.look(pages, back, zone)
                return visit.shows(everything(all_), everything_as_json(all_))

            return await reading.ask(of_all)

        def of_one(pages: ledger.Pages) -> Answer:
            return own(visit, look_at_mine(pages, limits, who, visit.who.address, zone, now_us))

        return await reading.ask(of_one)


def own(visit: Visit, found: Mine) -> Answer:
    """The page of what is a caller's."""
    if visit.page is Page.CALLS:
        return visit.shows(mine.calls(found), calls_as_json(found))
    if visit.page is Page.BUDGETS:
        return visit.shows(mine.budgets(found), budgets_as_json(found))
    said = first_as_json(visit.who, found, visit.is_administrator)
    return visit.shows(mine.first(visit.who, found), said)


def _answer(flow: HTTPFlow, found: Answer) -> None:
    flow.response = own_answer(found, flow.request.method == "HEAD")


def _address(flow: HTTPFlow) -> str:
    return str(flow.client_conn.peername[0])


def _proxy(flow: HTTPFlow) -> str | None:
    """The proxy's address, as its client reached it; None: the client knows of none."""
    if isinstance(flow.client_conn.proxy_mode, TransparentMode):
        return None
    host, port = flow.client_conn.sockname[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _target(flow: HTTPFlow) -> str | None:
    """The system that is asked for, else the one that the client runs on."""
    wanted = asked(flow.request.path, "for")
    return wanted if wanted in NAMES else system_of(flow.request.headers.get("user-agent", ""))
