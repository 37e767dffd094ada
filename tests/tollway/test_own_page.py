"""The proxy's own pages over the whole road: real calls, a real ledger, real sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.hooks.test_pages import BOTH, untouched
from tests.tollway.identified import Roads, header_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.policy.written import policy as policy_of
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.budget.amounts import Unit
from tollway.hooks.pages import _proxy
from tollway.ledger.open import open_books
from tollway.money import usd
from tollway.page.figures import amount, money
from tollway.policy.limits import Limits
from tollway.policy.load import load
from tollway.proxy import put_in_force

OWN = "http://tollway.internal"
HTML, JSON = {"accept": "text/html"}, {"accept": "application/json"}
LIMITS = """
limits:
  - {name: all, amount: 100 USD, window: month}
  - {name: each, per: user, amount: 2 USD, window: day}
  - name: small
    match: {model: gpt-4o, user: bob@example.com}
    amount: 1 requests
    window: day
    then: [block]
access: [{name: no-opus, deny: {model: "*opus*"}}]
"""
HEADER = "cf-access-jwt-assertion"


def policy(provider: Provider, more: str = "") -> str:
    """Callers say who they are in a header; finance sees everything."""
    known = header_jwt(provider).replace("user: email", 'user: email, role: "groups[0]"')
    return f"{known}{LIMITS}admins: {{role: finops}}\n{more}"


def shown(provider: Provider, name: str, role: str = "dev") -> dict[str, str]:
    """The header of somebody."""
    return {HEADER: token(provider, email=f"{name}@example.com", groups=[role])}


async def call(client: httpx.AsyncClient, who: dict[str, str], what: Call = CHAT, **body: object) -> int:
    """Make a call; its status."""
    sent = {"authorization": "Bearer made-up-key", **who}
    return (await client.post(what.url, json={**what.body, **body}, headers=sent)).status_code


@asynccontextmanager
async def after_a_mixed_run(
    roads: Roads, provider: Provider
) -> AsyncIterator[tuple[Road, httpx.AsyncClient]]:
    """Calls of two people, answered, refused and cut; the ledger has them all."""
    async with roads(policy(provider)) as road, road.client() as client:
        ann, bob = (shown(provider, name) for name in ("ann", "bob"))
        for what in (CHAT, CLAUDE, CLAUDE):
            assert await call(client, ann, what) == 200
        assert await call(client, bob, CHAT) == 200
        assert await call(client, bob, CHAT) == 429
        assert await call(client, ann, CLAUDE, model="claude-opus-4-5") == 403
        road.sim.scenario = Scenario(cut=Cut())
        assert await call(client, bob, CLAUDE) == 502
        await road.rows()
        yield road, client


async def test_figures_are_the_ledgers_to_the_nano_dollar(roads: Roads, provider: Provider) -> None:
    """One's own, everybody's, and the budgets'; as text and as JSON."""
    async with after_a_mixed_run(roads, provider) as (road, client):
        rows = await road.rows()
        ann, finance = shown(provider, "ann"), shown(provider, "fin", "finops")
        told = (await client.get(f"{OWN}/", headers=ann | JSON)).json()
        html = (await client.get(f"{OWN}/", headers=ann | HTML)).text
        all_told = (await client.get(f"{OWN}/all", headers=finance | JSON)).json()
        all_html = (await client.get(f"{OWN}/all", headers=finance | HTML)).text
        books = open_books(road.ledger_url)
        buckets = {
            (each.bucket.limit, *each.bucket.values.values()): each for each in books.buckets(clock.now_us())
        }
        books.close()

    own = [each for each in rows if each.user == "ann@example.com"]
    spent = sum(each.cost.nano for each in own)
    assert spent > 0
    assert told["today"] == {"calls": 4, "cost_usd": usd(spent), "notional_usd": "0"}
    assert sorted(each["id"] for each in told["calls"]) == sorted(each.id for each in own)
    assert f"<dt>Spent</dt><dd>{money(spent)}</dd>" in html
    total = sum(each.cost.nano for each in rows)
    assert all_told["total"] == {"calls": len(rows), "cost_usd": usd(total), "notional_usd": "0"}
    assert f"<dt>Spent</dt><dd>{money(total)}</dd>" in all_html
    for limit, key in (("all", ("all",)), ("each", ("each", "ann@example.com"))):
        row = buckets[key]
        (found,) = [each for each in told["budgets"] if each["limit"] == limit]
        left = row.amount - row.settled - row.held
        assert (found["settled"], found["held"], found["left"]) == (
            usd(row.settled),
            usd(row.held),
            usd(left),
        )
        assert amount(left, Unit.USD) in html
    assert {each["limit"] for each in told["budgets"]} == {"all", "each"}


async def test_reasons_of_refusals_are_counted_over_all_calls(roads: Roads, provider: Provider) -> None:
    async with after_a_mixed_run(roads, provider) as (_, client):
        finance = shown(provider, "fin", "finops")
        told = (await client.get(f"{OWN}/all", headers=finance | JSON)).json()["unanswered"]
        html = (await client.get(f"{OWN}/all", headers=finance | HTML)).text
        own = (await client.get(f"{OWN}/calls", headers=shown(provider, "bob") | JSON)).json()["unanswered"]

    assert {each["error"]: (each["refused"], each["calls"]) for each in told} == {
        "over_limit": (True, 1), "access_denied": (True, 1), "cut": (False, 1),
    }  # fmt: skip
    assert "<dt>Refused by Tollway</dt><dd>2</dd>" in html
    assert "an access rule denies it" in html
    assert {each["error"] for each in own} == {"over_limit", "cut"}


async def test_a_caller_sees_nothing_of_others(roads: Roads, provider: Provider) -> None:
    """On no page of its own, in no form."""
    async with after_a_mixed_run(roads, provider) as (_, client):
        for path in ("/", "/calls", "/budgets", "/setup", "/all", "/nope"):
            for form in (HTML, JSON):
                said = (await client.get(OWN + path, headers=shown(provider, "ann") | form)).text
                assert "bob" not in said
                assert "small" not in said


@BOTH
async def test_everything_is_for_administrators(roads: Roads, provider: Provider, url: str) -> None:
    """Others hear what to do, and no name or condition."""
    url = url.replace("whoami", "all")
    async with roads(policy(provider)) as road, road.client() as client:
        refused = await client.get(url, headers=shown(provider, "ann") | HTML)
        told = await client.get(url, headers=JSON)
        seen = await client.get(url, headers=shown(provider, "fin", "finops") | HTML)
        assert await untouched(road)

    assert (refused.status_code, told.status_code, seen.status_code) == (403, 403, 200)
    assert "ask who runs it" in refused.text
    assert "finops" not in refused.text + told.text
    assert told.json()["error"]["code"] == "not_an_administrator"
    assert 'href="/all"' in seen.text
    assert 'href="/all"' not in refused.text


async def test_who_is_an_administrator_is_said_by_the_policy_in_force(
    roads: Roads, provider: Provider
) -> None:
    """From the moment that it is swapped, on a connection that stands."""
    async with roads(policy(provider)) as road, road.client() as client:
        who, found = shown(provider, "ann"), []
        for role in ("finops", "dev", "finops"):
            text = f"version: 1\n{policy(provider)}".replace("role: finops", f"role: {role}")
            await put_in_force(load(text, "p.yaml"), road.proxy.steps.pages._governing, road.proxy.ledger)  # type: ignore[arg-type]
            found.append((await client.get(f"{OWN}/all", headers=who)).status_code)

    assert found == [403, 200, 403]


async def test_without_identity_this_machine_sees_everything(road: Road) -> None:
    async with road.client() as client:
        answer = await client.get(f"{OWN}/all", headers=JSON)
        first = await client.get(f"{OWN}/", headers=JSON)

    assert answer.status_code == 200
    assert first.json()["administrator"] is True


def own_address() -> str:
    """This machine's, as its network knows it. Nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("NO NETWORK: this machine has no address but its loopback's")
        return str(asked.getsockname()[0])


async def test_without_identity_others_than_this_machine_see_what_is_theirs_alone(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Who comes by the network's address is one of them."""
    address = own_address()
    async with running_road(tmp_path, sim, host="0.0.0.0") as road:
        url = f"http://{address}:{road.proxy.port}"
        async with httpx.AsyncClient(proxy=url, timeout=120) as client:
            refused = await client.get(f"{OWN}/all", headers=JSON)
            first = (await client.get(f"{OWN}/", headers=JSON)).json()

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_an_administrator")
    assert (first["administrator"], first["who"]["address"]) == (False, address)


async def test_a_stranger_who_may_not_call_sees_how_to_begin_and_no_figures(
    roads: Roads, provider: Provider
) -> None:
    async with roads(policy(provider)) as road, road.client() as client:
        found = {
            path: (await client.get(OWN + path, headers=JSON)).status_code
            for path in ("/", "/calls", "/budgets", "/all", "/setup", "/ca.pem", "/whoami")
        }

    assert found == {
        "/": 403, "/calls": 403, "/budgets": 403, "/all": 403, "/setup": 200, "/ca.pem": 200, "/whoami": 200,
    }  # fmt: skip


@BOTH
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_pages_are_only_read(road: Road, url: str, http2: bool) -> None:
    """A HEAD says what a GET would, without the body; the connection serves on."""
    async with road.client(http2) as client:
        for path in ("", "calls", "budgets", "all", "setup", "ca.pem", "whoami"):
            page = url.replace("whoami", path)
            got, head = await client.get(page), await client.head(page)
            assert (head.status_code, head.content) == (got.status_code, b"") == (200, b"")
            assert head.headers["content-type"] == got.headers["content-type"]
            assert (await client.post(page, content=b"x" * 9)).status_code == 405
        assert await untouched(road)


async def test_the_form_is_the_one_that_is_asked_for(road: Road) -> None:
    """Programs that say nothing get pages as text, and whoami as JSON, as before there were pages."""
    async with road.client() as client:
        kinds = {
            path: [
                (await client.get(OWN + path, headers=each)).headers["content-type"].partition(";")[0]
                for each in ({"accept": "*/*"}, HTML, JSON)
            ]
            for path in ("/", "/calls", "/budgets", "/setup", "/all", "/whoami", "/nope")
        }

    html, json = "text/html", "application/json"
    programs = ("/whoami", "/nope")
    assert kinds == {path: [json if path in programs else html, html, json] for path in kinds}


async def test_the_certificate_is_the_root_and_nothing_else(road: Road) -> None:
    async with road.client() as client:
        answer = await client.get(f"{OWN}/ca.pem")

    assert x509.load_pem_x509_certificates(answer.content) == [road.proxy.authority.root]
    assert b"PRIVATE" not in answer.content
    assert answer.content.count(b"-----BEGIN") == 1


async def test_the_set_up_is_for_the_system_that_asks(roads: Roads, provider: Provider) -> None:
    """By its browser's name, or as it says; the proxy's address is the one that it reaches it by."""
    async with roads(policy(provider)) as road, road.client() as client:
        mac = {"user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"}
        found = await client.get(f"{OWN}/setup", headers=mac | HTML)
        asked = await client.get(f"{OWN}/setup?for=windows", headers=mac | JSON)
        wrong = await client.get(f"{OWN}/setup?for=amiga", headers=mac | JSON)

    assert "add-trusted-cert" in found.text
    assert road.proxy.url in found.text
    assert road.proxy.authority.fingerprint() in found.text
    assert (asked.json()["system"], wrong.json()["system"]) == ("windows", "macos")


async def test_while_the_ledger_can_t_be_read_a_page_says_so(road: Road) -> None:
    """In time; what takes no ledger is there all the same."""
    go_on = threading.Event()
    reading: Any = road.proxy.steps.pages._reading
    reading._seconds = 0.05
    everybodys: Any = road.proxy.steps.pages._overlooking
    everybodys._seconds = 0.05
    hanging = [asyncio.ensure_future(each.ask(lambda pages: go_on.wait())) for each in (reading, everybodys)]
    async with road.client() as client:
        html = await client.get(f"{OWN}/", headers=HTML)
        told = await client.get(f"{OWN}/all", headers=JSON)
        whoami = await client.get(f"{OWN}/whoami")
        go_on.set()
        reading._seconds = 60
        again = await client.get(f"{OWN}/", headers=HTML)
    assert all("takes long" in str(each) for each in await asyncio.gather(*hanging, return_exceptions=True))

    assert (html.status_code, told.status_code) == (503, 503)
    assert html.headers["retry-after"] == "5"
    assert "can&#x27;t be shown now" in html.text
    assert (whoami.status_code, again.status_code) == (200, 200)


async def test_a_page_that_is_being_read_does_not_hold_the_end(roads: Roads) -> None:
    """Nor do those that wait for it: their readers hear that it is over."""
    go_on, begun = threading.Event(), threading.Event()

    def hangs(pages: object) -> bool:
        begun.set()
        return go_on.wait()

    async with roads("", drain_seconds=60.0) as road, road.client() as client:
        hanging = asyncio.ensure_future(road.proxy.steps.pages._reading.ask(hangs))  # type: ignore[union-attr]
        await asyncio.to_thread(begun.wait)
        page = asyncio.ensure_future(client.get(f"{OWN}/", headers=JSON))
        while not road.proxy.steps.pages._reading._asked.qsize():  # type: ignore[union-attr]
            await asyncio.sleep(0)
        start = time.monotonic()
        await asyncio.to_thread(road.proxy.steps.pages._reading.close)  # type: ignore[union-attr]
        took = time.monotonic() - start
        go_on.set()
        answer = await page
        await hanging

    assert took < 5
    assert answer.status_code == 503
    assert "stopping" in answer.json()["error"]["message"]


async def test_an_administrators_look_at_everything_keeps_nobody_waiting(road: Road) -> None:
    """It takes a thread of its own."""
    go_on, overlooking = threading.Event(), road.proxy.steps.pages._overlooking
    hanging = asyncio.ensure_future(overlooking.ask(lambda pages: go_on.wait()))  # type: ignore[union-attr]
    async with road.client() as client:
        everything = asyncio.ensure_future(client.get(f"{OWN}/all", headers=JSON))
        own = await client.get(f"{OWN}/", headers=JSON)
        assert not everything.done()
        go_on.set()
        assert (await everything).status_code == own.status_code == 200
        await hanging


async def test_without_a_ledger_or_a_ca_of_its_own_a_page_says_so(road: Road) -> None:
    """As within mitmproxy's own programs."""
    pages: Any = road.proxy.steps.pages
    pages._reading = pages._roots = None
    async with road.client() as client:
        found = [await client.get(OWN + path, headers=JSON) for path in ("/", "/setup", "/ca.pem")]

    assert [each.status_code for each in found] == [503, 503, 503]
    assert "no ledger" in found[0].json()["error"]["message"]
    assert "not of Tollway's CA" in found[1].json()["error"]["message"]


def test_where_the_network_leads_to_the_proxy_a_client_knows_no_address_of_it() -> None:
    flow = tflow.tflow()
    flow.client_conn.sockname = ("2001:db8::1", 8080)

    assert _proxy(flow) == "http://[2001:db8::1]:8080"
    flow.client_conn.proxy_mode = ProxyMode.parse("transparent")
    assert _proxy(flow) is None


async def test_calls_go_on_while_a_page_is_read(road: Road) -> None:
    go_on = threading.Event()
    hanging = asyncio.ensure_future(road.proxy.steps.pages._reading.ask(lambda pages: go_on.wait()))  # type: ignore[union-attr]
    async with road.client() as client:
        page = asyncio.ensure_future(client.get(f"{OWN}/", headers=JSON))
        answer = await client.post(CHAT.url, json=CHAT.body, headers={"authorization": "Bearer x"})
        assert answer.status_code == 200
        assert not page.done()
        await road.rows()
        go_on.set()
        assert (await page).json()["today"]["calls"] == 1
        await hanging


def test_limits_are_ready_for_look_ups_of_pages() -> None:
    """The conditions of a limit's match are there by its key."""
    limits = Limits(policy_of("limits: [{name: a, match: {user: b}, amount: 1 USD, window: day}]"))
    ((name, meets),) = limits.tests(limits.keys()[0])

    assert (name, meets("b"), meets("c")) == ("user", True, False)
