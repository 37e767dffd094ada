"""What all pages have around them."""

from tests.tollway.page.test_html import HOSTILE, Read
from tollway.page.desk import Page
from tollway.page.frame import Frame
from tollway.page.style import STYLE


def test_a_page_has_landmarks_one_heading_and_its_language() -> None:
    html = Frame(page=Page.CALLS, foot="<now>").around("Your calls", "x").decode()

    read = Read(html)
    names = [name for name, _ in read.elements]
    assert html.startswith("<!doctype html>\n")
    assert [names.count(each) for each in ("header", "nav", "main", "footer", "h1", "title")] == [1] * 6
    assert dict(read.elements)["html"] == {"lang": "en"}
    assert "<title>Your calls · Tollway</title>" in html
    assert "&lt;now&gt;" in html


def test_the_first_link_leads_past_the_others() -> None:
    read = Read(Frame(page=None).around("x").decode())

    links = [attributes["href"] for name, attributes in read.elements if name == "a"]
    assert links[0] == "#main"
    assert dict(read.elements)["main"] == {"id": "main", "tabindex": "-1"}


def test_the_page_itself_is_marked_among_the_links() -> None:
    read = Read(Frame(page=Page.BUDGETS).around("x").decode())

    marked = [attributes["href"] for name, attributes in read.elements if "aria-current" in attributes]
    assert marked == ["/budgets"]


def test_administrators_alone_are_led_to_everything() -> None:
    own, all_ = (Frame(page=Page.MINE, is_administrator=each).around("x") for each in (False, True))

    assert (b'href="/all"' in own, b'href="/all"' in all_) == (False, True)


def test_the_style_is_byte_for_byte_the_one_that_is_allowed() -> None:
    assert f"<style>{STYLE}</style>" in Frame(page=None).around("x").decode()


def test_a_hostile_title_is_one() -> None:
    """Where it stands in <title>, too, which has no elements."""
    for text in HOSTILE:
        names = [name for name, _ in Read(Frame(page=None).around(text).decode()).elements]
        assert not {"script", "img", "svg"} & {*names}
