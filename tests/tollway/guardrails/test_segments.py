"""Where a text that grows may be cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.segments import HOLD, KEY_MOST, STEP, SURE, Pace, Segment, segment

USUAL = Pace()
HEADER, FOOTER = "-----BEGIN RSA " + "PRIVATE KEY-----", "-----END RSA " + "PRIVATE KEY-----"
PARTS = (
    "word ", '"(see it)", ', "don't ", "日本語。", "12 ", "4111 1111 ", "a@b.de ", "x9", "\n", "  ",
    "    ", "é", "May ", "of ", "key-value: ", "!", "-----", HEADER, FOOTER, "A1b2" * 9, "9" * 60, " = ",
    "-----BEGIN ",
)  # fmt: skip

PACES = st.sampled_from([USUAL, Pace(reach=SURE), Pace(384, 512)])


def cut(text: str, *, is_all: bool = False, pace: Pace = USUAL) -> tuple[str, str, bool] | None:
    """What the first segment of a text is, and what is seen beyond it."""
    if (one := segment(text, 0, pace, is_all)) is None:
        return None
    return text[: one.end], text[one.end : one.seen], one.plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It is so, (as they say). Next", "It is so, (as they say). "),
        ("l'été is well-known: Größe\nThe", "l'été is well-known: Größe\n"),
        ("Это слово и", "Это слово "),
        ("これは、日本語です", "これは、日本語で"),
        ("born in May 12", "born in "),
        ("the password is hunter2 and", "the password is "),
        ("mail jane@firma.de ", "mail "),
        ("see sk-abc ", "see "),
        ("words    far apart", None),
        ("Swordfish! is", None),
        ("abcdefghijklmnopqrst is", None),
        ("a_b is", None),
        ("ＡＢ１２ is", None),
    ],
)
def test_words_of_letters_alone_are_released_at_once(text: str, plain: str | None) -> None:
    """Unless a number comes next: it may be a date."""
    assert cut(text) == (None if plain is None else (plain, "", True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 4111111111111111; and more of it\n", "9"),
        ("`hunter2` stands here, as everybody ", "knows"),
        ("#1 is the one that all the others, ", "knows"),
        ("1日の、" + "言" * 27, "言葉"),
    ],
)
def test_else_it_is_cut_where_nothing_goes_on(before: str, after: str) -> None:
    assert cut(before + after) == (before, "", False)


@pytest.mark.parametrize("text", ["#" + "x" * 40, "1 `code` is here and so is the 3rd of May 1985", "12"])
def test_until_then_more_has_to_come(text: str) -> None:
    assert cut(text) is None
    assert cut(text, is_all=True) == (text, "", False)
    assert segment(text, len(text), USUAL, True) is None


def test_where_a_text_has_no_end_it_is_judged_by_all_that_is_held() -> None:
    assert cut("9" * (HOLD - 1)) is None
    assert cut("9" * (HOLD + 1)) == ("9" * STEP, "9" * SURE, False)


def test_words_are_looked_beyond_a_border_as_far_as_they_reach() -> None:
    text = "Project Falcon, which nobody is to know of, begins in May"
    pace = Pace(reach=12)

    assert cut(text[:43], pace=pace) is None
    assert cut(text[:44], pace=pace) == (text[:32], text[32:44], False)
    assert cut(text[:40], pace=pace, is_all=True) == (text[:32], text[32:40], False)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (f"{HEADER}\nMIIE\n{FOOTER}\nand", f"{HEADER}\nMIIE\n{FOOTER}"),
        (f"{HEADER}\\nMIIE\\n{FOOTER}", f"{HEADER}\\nMIIE\\n{FOOTER}"),
        (f"{HEADER}\nMIIE\nthat is the first line", f"{HEADER}\nMIIE\nthat"),
        (f"{HEADER}')\n", f"{HEADER}'"),
        (f"{HEADER}{'A' * KEY_MOST}", f"{HEADER}{'A' * (KEY_MOST - len(HEADER))}"),
        (f"k1={HEADER}", "k1="),
        (
            "-----BEGIN CERTIFICATE-----\nMIIE\n" + "and so it goes on\n",
            "-----BEGIN CERTIFICATE-----\nMIIE\n",
        ),
    ],
)
def test_a_private_key_is_taken_whole(text: str, end: str) -> None:
    """Or as far as it may be one: to where nothing of a key stands, or until it is too long."""
    assert cut(text) == (end, "", False)


@pytest.mark.parametrize("text", [f"{HEADER}\nMIIE\n-----END RSA", "-----BEGIN RSA PRIVA", HEADER[:-1]])
def test_a_private_key_that_has_begun_has_to_end(text: str) -> None:
    assert cut(text) is None
    assert cut(text, is_all=True) == (text, "", False)


@given(
    st.lists(st.sampled_from(PARTS), max_size=30).map("".join),
    st.sampled_from([USUAL, Pace(reach=SURE), Pace(384, 512)]),
)
def test_a_cut_is_the_same_however_much_is_known(text: str, pace: Pace) -> None:
    """Else what is found would depend on how an answer came."""
    whole = everything(text, pace)
    at, known, found = 0, 0, list[Segment]()
    while known < len(text):
        known += 1
        while one := segment(text[:known], at, pace, is_all=False):
            found.append(one)
            at = one.end

    assert joined(found) == joined(whole)[: len(joined(found))]


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_every_segment_is_longer_than_nothing(text: str) -> None:
    ends = [one.end for one in everything(text, USUAL)]

    assert ends == sorted(set(ends))


def everything(text: str, pace: Pace) -> list[Segment]:
    """All segments of a text."""
    at, found = 0, list[Segment]()
    while one := segment(text, at, pace, is_all=True):
        found.append(one)
        at = one.end
    return found


def joined(found: list[Segment]) -> list[Segment]:
    """Words that follow each other are one, or several: that makes no difference."""
    return [one for one in found if not one.plain]
