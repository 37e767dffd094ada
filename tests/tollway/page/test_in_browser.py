"""The pages in a real browser: what hostile texts do there (nothing), what may be loaded, who can read it."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.simulator import Simulator
from tests.tollway.browser import Browser, browsing, wanted
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.identified import Roads, given
from tests.tollway.road import Road

pytestmark = [wanted, pytest.mark.slow]

OWN = "http://tollway.internal"
PAGES = ("/", "/calls", "/budgets", "/setup", "/all", "/whoami", "/nope?<script>alert(1)</script>")
HOSTILE = (
    "<script>window.ran=1;alert(1)</script>",
    '"><img src=x onerror="window.ran=1">',
    "</title></style></table><svg onload=window.ran=1>",
    "'--><iframe src=javascript:parent.ran=1></iframe>",
    "javascript:alert(1)//{{7*7}}${7*7}",
)
CALLER = HOSTILE[1]
POLICY = f"""
identity: [virtual_keys: true, networks: {{127.0.0.0/8: {{user: {json.dumps(CALLER)}, role: finops}}}}]
admins: {{role: finops}}
limits:
  - {{name: day, amount: 1 USD, window: day}}
  - {{name: models, per: [model, tag.project], amount: 1 USD, window: day, enforce: soft}}
faults: {{unknown_price: dearest}}
""".replace("[virtual_keys: true, networks", "[{virtual_keys: true}, {networks").replace("}}]", "}}}]")

Browsers = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def browsers(tmp_path: Path) -> Browsers:
    """Opens browsers that go through a proxy."""

    @asynccontextmanager
    async def made(road: Road, *options: str) -> AsyncIterator[Browser]:
        async with browsing(tmp_path, road.proxy.url, *options) as browser:
            yield browser

    return made


async def called(road: Road) -> None:
    """Calls with everything that a client may choose set to what would be code elsewhere."""
    async with road.client() as client:
        for n, text in enumerate(HOSTILE):
            headers = {
                "authorization": "Bearer made-up-key",
                "user-agent": f"{text}/1.0 {text}",
                "x-tollway-tags": f"project={text[:60].replace(',', ' ')}",
                "x-session-id": text,
            }
            what = (CHAT, CLAUDE)[n % 2]
            await client.post(what.url, json={**what.body, "model": text}, headers=headers)
        key = given(road, user=HOSTILE[0], team=HOSTILE[2])
        await client.post(CLAUDE.url, json=CLAUDE.body, headers={"x-api-key": key})
    await road.rows()


async def test_hostile_texts_are_shown_and_do_nothing(roads: Roads, browsers: Browsers) -> None:
    """Models, programs, tags and users, on every page; no request leaves for anywhere."""
    async with roads(POLICY) as road:
        await called(road)
        async with browsers(road) as browser:
            seen = ""
            for path in PAGES:
                await browser.go(OWN + path)
                found = await browser.evaluate(
                    "[window.ran, document.querySelectorAll('script,img,iframe,object,form,base').length]"
                )
                assert found == [None, 0], path
                assert browser.told("Page.javascriptDialogOpening") == []
                asked = {each["request"]["url"] for each in browser.told("Network.requestWillBeSent")}
                assert all(url.startswith(OWN) for url in asked)
                assert [each for each in browser.complaints() if "404" not in each] == []
                seen += await browser.text()

    for text in HOSTILE:
        assert text in seen
    assert f"User\n{CALLER}" in seen


INJECTED = """
new Promise(done => {
  const stopped = [];
  document.addEventListener('securitypolicyviolation', each => stopped.push(each.effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'window.ran = 1';
  document.body.append(script);
  const far = document.createElement('script');
  far.src = 'http://example.com/x.js';
  document.body.append(far);
  const text = document.createElement('div');
  text.innerHTML = '<img src="http://example.com/x.png" onerror="window.ran = 2">' +
    '<p style="color:red" onclick="x">';
  document.body.append(text);
  const frame = document.createElement('iframe');
  frame.src = 'http://example.com/';
  document.body.append(frame);
  const style = document.createElement('style');
  style.textContent = 'body { display: none }';
  document.body.append(style);
  fetch('http://example.com/').catch(() => setTimeout(() => done([window.ran, stopped.sort()]), 500));
})
"""


async def test_what_got_in_all_the_same_would_be_stopped(road: Road, browsers: Browsers) -> None:
    """The policy of the page, as the browser enforces it: no script, style, picture, frame or request."""
    async with browsers(road) as browser:
        await browser.go(f"{OWN}/")
        ran, stopped = await browser.evaluate(INJECTED)
        shown = await browser.evaluate("getComputedStyle(document.body).display")

    assert ran is None
    assert shown == "block"
    assert {*stopped} >= {
        "script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr", "img-src",
        "frame-src", "connect-src",
    }  # fmt: skip
    assert road.sim.seen == []


async def test_no_other_page_reads_it_or_frames_it(road: Road, browsers: Browsers) -> None:
    async with browsers(road) as browser:
        await browser.go("data:text/html,<body>elsewhere</body>")
        read = await browser.evaluate(
            f"fetch('{OWN}/whoami').then(each => each.text()).catch(each => 'refused: ' + each.name)"
        )
        await browser.go(f"data:text/html,<iframe src='{OWN}/'></iframe>")
        said = " ".join(browser.complaints())

    assert read == "refused: TypeError"
    assert "frame" in said.lower()


async def test_it_works_without_javascript(road: Road, browsers: Browsers) -> None:
    """And looks the same: there is none."""
    async with road.client() as client:
        await client.post(CHAT.url, json=CHAT.body, headers={"authorization": "Bearer x"})
    await road.rows()
    async with browsers(road) as browser:
        await browser.say("Emulation.setScriptExecutionDisabled", value=True)
        await browser.go(f"{OWN}/")
        root = await browser.say("DOM.getDocument")
        html = (await browser.say("DOM.getOuterHTML", nodeId=root["root"]["nodeId"]))["outerHTML"]

    assert "gpt-4o" in html
    assert "<noscript" not in html


async def test_the_keyboard_leads_everywhere(roads: Roads, browsers: Browsers) -> None:
    """First past the links; then to each link, and each table that may be wider than the window."""
    async with roads(POLICY) as road:
        await called(road)
        async with browsers(road) as browser:
            await browser.go(f"{OWN}/")
            stops = []
            for _ in range(8):
                await browser.press("Tab")
                stops.append(
                    await browser.evaluate(
                        "document.activeElement.getAttribute('href') || document.activeElement.className"
                    )
                )

    assert stops == ["#main", "/", "/calls", "/budgets", "/setup", "/all", "wide", "wide"]


CONTRAST = """
(() => {
  const part = c => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(part);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const page = getComputedStyle(document.body).backgroundColor;
  const worst = [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') &&
      [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => {
    const [high, low] = [light(getComputedStyle(e).color), light(page)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05); });
  return [page, Math.min(...worst), worst.length];
})()
"""


async def test_texts_stand_out_in_the_light_and_in_the_dark(road: Road, browsers: Browsers) -> None:
    """As the browser has computed their colours: 4.5 to 1 at least."""
    found = {}
    async with browsers(road) as browser:
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            await browser.say("Emulation.setEmulatedMedia", features=features)
            for path in PAGES:
                await browser.go(OWN + path)
                found[scheme], worst, texts = await browser.evaluate(CONTRAST)
                assert worst >= 4.5, (scheme, path)
                assert texts > 5

    assert found == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}


def named(nodes: list[dict[str, Any]], role: str) -> list[str]:
    """The names that what has a role is read aloud with."""
    return [
        str(each.get("name", {}).get("value", ""))
        for each in nodes
        if each.get("role", {}).get("value") == role and not each.get("ignored")
    ]


async def test_it_is_read_aloud_well(roads: Roads, browsers: Browsers) -> None:
    """As the browser tells screen readers: landmarks, one main heading, named tables and pictures."""
    async with roads(POLICY) as road:
        await called(road)
        async with browsers(road) as browser:
            for path in PAGES:
                await browser.go(OWN + path)
                nodes = (await browser.say("Accessibility.getFullAXTree"))["nodes"]
                for role in ("main", "banner", "contentinfo"):
                    assert len(named(nodes, role)) == 1, (path, role)
                assert "Pages" in named(nodes, "navigation")
                for role in ("table", "region", "img", "link", "columnheader", "rowheader"):
                    assert "" not in named(nodes, role), (path, role)
                assert await browser.evaluate("document.querySelectorAll('h1').length") == 1
                assert await browser.evaluate("[...document.querySelectorAll('th')].every(e => e.scope)")


async def test_over_https_it_is_the_same(road: Road, browsers: Browsers) -> None:
    """By a certificate of the CA, which the browser is told to trust."""
    key = road.proxy.authority.issuer("tollway.internal").public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    trusted = base64.b64encode(digest.finalize()).decode()
    async with browsers(road, f"--ignore-certificate-errors-spki-list={trusted}") as browser:
        await browser.go("https://tollway.internal/setup")
        found = await browser.text()
        where = await browser.evaluate("location.href")

    assert where == "https://tollway.internal/setup"
    assert road.proxy.authority.fingerprint() in found


async def test_who_watches_the_browser_hears_what_went_wrong(
    road: Road, browsers: Browsers, sim: Simulator
) -> None:
    """The tests above would see a script that runs, a dialog, and a complaint."""
    async with browsers(road) as browser:
        await browser.go("data:text/html,<img src=x: onerror='window.ran=1;console.error(7)'>")
        ran = await browser.evaluate("new Promise(d => setTimeout(() => d(window.ran), 200))")
        said = browser.complaints()

    assert ran == 1
    assert said
