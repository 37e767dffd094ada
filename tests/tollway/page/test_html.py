"""Whatever a text says, it is a text on the page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.page.html import Child, Markup, element, plain, written

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg onload=alert(1)>",
    "<!-- --><![CDATA[ ]]>&lt;script&gt;",
    "\u202egnp.exe\x00\x1b[31m\ud800",
)


class Read(HTMLParser):
    """What a parser sees: the elements with their attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("children", "html"),
    [
        ((), "<p></p>"),
        (("a", None, ["b", ("c", element("br"))]), "<p>abc<br></p>"),
        (("a & b <c> \"d\" 'e'",), "<p>a &amp; b &lt;c&gt; &quot;d&quot; &#x27;e&#x27;</p>"),
        ((Markup("<b>x</b>"),), "<p><b>x</b></p>"),
        ((element("p", "<"),), "<p><p>&lt;</p></p>"),
    ],
)
def test_children_stand_in_their_element(children: tuple[Child, ...], html: str) -> None:
    assert element("p", *children).text == html


def test_attributes_are_named_as_in_html() -> None:
    found = element("a", class_="x", aria_label='"', tabindex=0, href=None, download="")

    assert found.text == '<a class="x" aria-label="&quot;" tabindex="0" download></a>'


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown(text: str) -> None:
    """It makes no element, and ends no attribute."""
    read = Read(element("p", text, title=text).text)

    assert read.elements == [("p", {"title": plain(text)})]
    assert read.text == plain(text)


@given(st.text(), st.text())
def test_any_text_is_one(text: str, value: str) -> None:
    """As a parser has it: line ends are the one thing that it may write another way."""
    read = Read(element("pre", text, title=value).text)

    assert [name for name, _ in read.elements] == ["pre"]
    assert read.elements[0][1] == {"title": plain(value) or None}
    assert read.text == plain(text)
    written(text).encode()


def test_what_no_font_shows_is_replaced() -> None:
    """Marks of direction turn what others wrote around; a lone surrogate has no bytes."""
    assert plain("a\u202eb\x07c\ud800d\ne") == "a�b�c�d\ne"
