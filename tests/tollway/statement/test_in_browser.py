"""The page in a real browser: what hostile texts do there (nothing), how it looks, what is printed."""

import base64
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.browser import browsing, wanted
from tests.tollway.ledger.samples import call
from tests.tollway.page.test_in_browser import CONTRAST, HOSTILE, named
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, year
from tollway.model import CallRecord, Cost
from tollway.reporting.periods import moment
from tollway.statement.page import as_html
from tollway.statement.whose import Whose

pytestmark = [wanted, pytest.mark.slow]

NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: what would be asked of any host fails, and is told."""
A4 = (594, 842)
"""Points."""


def hostile() -> list[CallRecord]:
    at = moment(datetime(2026, 11, 5, 12, tzinfo=BERLIN))
    return [
        call(
            str(n), started_us=at + n * 86_400_000_000, user=text, team=text, session=text, program=text,
            model=text, cost=Cost(input_nano=10**9 * n),
        )
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip


def page(folder: Path, calls: list[CallRecord], whose: Whose | None = None) -> str:
    """The address of a statement's page."""
    path = folder / "statement.html"
    path.write_text(as_html(of(folder, calls, whose or Whose())), "utf-8")
    return path.as_uri()


async def test_hostile_texts_are_shown_and_do_nothing(tmp_path: Path) -> None:
    """And nothing is asked of anybody."""
    url = page(tmp_path, hostile(), Whose())
    async with browsing(tmp_path, NOWHERE) as browser:
        await browser.go(url)
        found = await browser.evaluate(
            "[window.ran, document.querySelectorAll('script,img,iframe,object,form,base').length]"
        )
        asked = {each["request"]["url"] for each in browser.told("Network.requestWillBeSent")}
        seen = await browser.text()

        assert found == [None, 0]
        assert browser.told("Page.javascriptDialogOpening") == []
        assert browser.complaints() == []
        assert asked == {url}
    for text in HOSTILE:
        assert text in seen


INJECTED = """
new Promise(done => {
  const stopped = [];
  document.addEventListener('securitypolicyviolation', each => stopped.push(each.effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'window.ran = 1';
  document.body.append(script);
  const text = document.createElement('div');
  text.innerHTML = '<img src="http://example.com/x.png" onerror="window.ran = 2">';
  document.body.append(text);
  fetch('http://example.com/').catch(() => setTimeout(() => done([window.ran, stopped.sort()]), 300));
})
"""


async def test_what_got_in_all_the_same_would_be_stopped(tmp_path: Path) -> None:
    """By the policy that the page carries."""
    async with browsing(tmp_path, NOWHERE) as browser:
        await browser.go(page(tmp_path, year(300)))
        ran, stopped = await browser.evaluate(INJECTED)

    assert ran is None
    assert {*stopped} >= {"script-src-elem", "img-src", "connect-src"}


async def test_texts_stand_out_in_the_light_and_in_the_dark(tmp_path: Path) -> None:
    found = {}
    async with browsing(tmp_path, NOWHERE) as browser:
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            await browser.say("Emulation.setEmulatedMedia", features=features)
            await browser.go(page(tmp_path, year(600)))
            found[scheme], worst, texts = await browser.evaluate(CONTRAST)
            assert worst >= 4.5, scheme
            assert texts > 50

    assert found == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}


async def test_it_is_read_aloud_well(tmp_path: Path) -> None:
    """As the browser tells screen readers: one main part and heading; tables and pictures have names."""
    async with browsing(tmp_path, NOWHERE) as browser:
        await browser.go(page(tmp_path, year(600)))
        nodes: list[dict[str, Any]] = (await browser.say("Accessibility.getFullAXTree"))["nodes"]

    for role in ("main", "banner", "contentinfo"):
        assert len(named(nodes, role)) == 1, role
    for role in ("table", "region", "image", "link", "columnheader", "rowheader"):
        assert named(nodes, role), role
        assert "" not in named(nodes, role), role
    assert any(name.startswith("Spent: $") for name in named(nodes, "image"))


async def test_a_narrow_screen_shows_all(tmp_path: Path) -> None:
    """Nothing but tables is wider than a telephone, and they can be moved sideways."""
    async with browsing(tmp_path, NOWHERE) as browser:
        await browser.say(
            "Emulation.setDeviceMetricsOverride", width=360, height=640, deviceScaleFactor=1, mobile=False
        )
        await browser.go(page(tmp_path, year(600)))
        wide = await browser.evaluate("document.documentElement.scrollWidth")

    assert wide <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_prints_on_a4(scheme: str, tmp_path: Path) -> None:
    """On white paper, without backgrounds, in a few pages; no table is wider than the paper."""
    async with browsing(tmp_path, NOWHERE) as browser:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await browser.go(page(tmp_path, [*year(600), *hostile()]))
        await browser.say("Emulation.setEmulatedMedia", media="print", features=features)
        paper = await browser.evaluate("getComputedStyle(document.body).backgroundColor")
        text = await browser.evaluate("getComputedStyle(document.body).color")
        await browser.say(
            "Emulation.setDeviceMetricsOverride", width=688, height=1000, deviceScaleFactor=1, mobile=False
        )
        wide = await browser.evaluate(
            "Math.max(...[...document.querySelectorAll('table,svg,dl,p')]"
            ".map(e => e.getBoundingClientRect().right))"
        )
        printed = await browser.say("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
    pdf = base64.b64decode(printed["data"])
    sizes = {tuple(map(float, each.split())) for each in re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", pdf)}
    pages = len(re.findall(rb"/Type /Page\b(?!s)", pdf))

    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert text == "rgb(27, 31, 36)"
    assert wide <= 688
    assert all(abs(width - A4[0]) < 2 and abs(height - A4[1]) < 2 for width, height in sizes)
    assert 1 <= pages <= 6
