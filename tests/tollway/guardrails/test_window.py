"""An answer that is searched while it comes."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection.secret_values import ALNUM, CERTAIN, armoured
from tests.tollway.guardrails.test_segments import FOOTER, HEADER, PARTS
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.restoring import Restoring
from tollway.guardrails.search import Detector
from tollway.guardrails.secrets import load
from tollway.guardrails.segments import HOLD, KEY_MOST, SURE
from tollway.guardrails.window import CONTEXT, END, LONG_MOST, PASS, Scanning, Verdict

Told = list[tuple[str, int, str]]
REAL: Sequence[Detector] = [load.pack().scan, personal]


def finder(pattern: str, kind: str = "kind") -> Detector:
    """Finds what a pattern matches, or its group."""
    compiled = re.compile(pattern, re.DOTALL)

    def found(text: str) -> Iterator[Found]:
        for match in compiled.finditer(text):
            start, end = match.span(match.lastindex or 0)
            yield Found(start=start, end=end, kind=kind, family=Family.SECRETS, tier=Tier.CERTAIN)

    return found


KEYS = [finder(r"(?<!\w)key-[0-9]{4,}(?!\w)", "key"), finder(r"(?<!\d)\d{4} \d{4} \d{4}(?! ?\d)", "card")]


def scanned(
    text: str,
    detectors: Sequence[Detector] = KEYS,
    settle: Callable[[Found, str], Verdict] | None = None,
    cuts: Sequence[int] = (),
    *,
    holds: bool = True,
    reach: int = 0,
    at_once: bool = False,
) -> tuple[str, Told]:
    """What comes out for a text that is cut there, with `<number>` for each value; and what was told."""
    told = Told()

    def numbered(found: Found, value: str) -> Verdict:
        told.append((found.kind, found.start, value))
        return settle(found, value) if settle else Verdict(f"<{len(told)}>")

    scanning = Scanning(detectors, numbered, holds=holds, reach=reach, at_once=at_once)
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    return "".join([*map(scanning.feed, pieces), scanning.end()]), told


def put_back(text: str, told: Told) -> str:
    """With the values."""
    return re.sub(r"<(\d+)>", lambda match: told[int(match[1]) - 1][2], text)


def every(size: int, text: str) -> range:
    """Cuts into pieces of a size."""
    return range(0, len(text), size)


@pytest.mark.parametrize("size", [1, 3, 10, 1000])
def test_a_value_never_passes_however_it_is_cut(size: int) -> None:
    text = "The key is key-12345, and\nthe card 1234 5678 9012 has it too."

    assert scanned(text, cuts=every(size, text)) == (
        "The key is <1>, and\nthe card <2> has it too.",
        [("key", 11, "key-12345"), ("card", 35, "1234 5678 9012")],
    )


def test_words_pass_at_once_and_the_rest_when_nothing_can_come_of_it() -> None:
    """In LiteLLM all of an answer came at its end, once (BerriAI/litellm, pull request 31503)."""
    scanning = Scanning(KEYS, lambda *_: Verdict("<>"))

    pieces = ("It ", "is ", "key", "-1", "2345", "6, which is", " not yet known to us\n")

    assert [scanning.feed(piece) for piece in pieces] == [
        "", "It ", "is ", "", "", "", "<>, which is not yet known to us\n",
    ]  # fmt: skip


def test_what_was_released_says_what_comes() -> None:
    """`password is` was seen by the reader long before the password is."""
    text = "Well, the password of that account is " + "so and " * 6 + "hunter2!\n"

    assert scanned(text, [finder(r"password.*\b(\w+\d!)")], cuts=every(4, text))[0] == text.replace(
        "hunter2!", "<1>"
    )


def test_what_passes_is_told_and_stays() -> None:
    text = "a key-12345 and key-6789\n"

    assert scanned(text, settle=lambda *_: PASS) == (text, [("key", 2, "key-12345"), ("key", 16, "key-6789")])


def test_an_answer_ends_before_what_ends_it() -> None:
    scanning = Scanning(KEYS, lambda *_: END)

    assert scanning.feed("It is key-12345, and nobody is to know it\nmore") == "It is "
    assert scanning.ended
    assert scanning.feed(" of it") == ""
    assert scanning.end() == ""


def test_nothing_is_held_back_where_nothing_is_replaced() -> None:
    told = list[str]()

    def settle(found: Found, value: str) -> Verdict:
        told.append(value)
        return Verdict("instead")

    scanning = Scanning(KEYS, settle, holds=False)
    for piece in ("It is key", "-123", "45, and ", "so on"):
        assert scanning.feed(piece) == piece
    assert scanning.end() == ""
    assert told == ["key-12345"]


def test_what_is_not_held_back_can_end_all_the_same() -> None:
    """With what was found in part, but not what comes then."""
    scanning = Scanning(KEYS, lambda *_: END, holds=False)

    passed = [scanning.feed(f"line {number} has key-12345\n") for number in range(60)]

    assert passed[0]
    assert scanning.ended
    assert passed[-1] == ""


@pytest.mark.parametrize("cut", [2, 17, 1000])
def test_a_private_key_goes_whole(cut: int) -> None:
    """However long: it is held from its first line on."""
    key = armoured("RSA ", 20)(Random(1))
    text = f"Here it is:\n\n{key}\nKeep it safe."

    assert scanned(text, REAL, cuts=every(cut, text)) == (
        "Here it is:\n\n<1>\nKeep it safe.",
        [("private_key", 13, key)],
    )


def test_a_private_key_has_a_longest() -> None:
    """What comes then is a text like any other, and nothing is held for ever."""
    text = f"{HEADER}\n{ALNUM * (KEY_MOST // 50)}"
    scanning = Scanning(REAL, lambda *_: Verdict("<>"))

    passed = "".join(scanning.feed(text[at : at + 500]) for at in range(0, len(text), 500))

    assert passed.startswith("<>")


def test_who_writes_about_private_keys_is_not_held_up() -> None:
    text = f"if text.startswith('{HEADER}'):\n    raise ValueError('it is a key, and nobody is to see it')\n"

    assert Scanning(REAL, lambda *_: Verdict("<>")).feed(text) == text


@pytest.mark.parametrize("size", [300, LONG_MOST - 100, 3 * LONG_MOST])
def test_a_value_that_is_longer_than_what_is_held_is_taken_to_its_end(size: int) -> None:
    """Its beginning says what it is. Of one that is too long, the rest is not looked at, and not released."""
    text = f"It is key={'ab12' * (size // 4)}; as I said\n"
    detectors = [finder(r"key=(\w{40,})")]

    whole = scanned(text, detectors)

    assert whole[0] == "It is key=<1>; as I said\n"
    assert scanned(text, detectors, lambda *_: PASS) == (text, whole[1])
    assert scanned(text, detectors, cuts=every(7, text)) == whole


def test_a_value_that_is_only_seen_when_its_beginning_has_gone_is_taken_from_there() -> None:
    """One of more than what is held, that says at its end what it is."""
    text = f"It is {'9' * 300}!, as I said\n"

    passed, told = scanned(text, [finder("[0-9]{170,}!")], cuts=every(7, text))

    assert re.fullmatch("It is 9{1,200}<1>, as I said\n", passed)
    assert told[0][2].endswith("9!")


def test_more_of_what_was_told_is_not_told_again() -> None:
    """A finding that grows over a line's end: none of ours does."""
    text = "It is key=12345678901234567890123456789012345\n67890, as I said\n"
    detectors = [finder(r"key=([\d\n]+)")]

    assert scanned(text, detectors)[0] == "It is key=<1>, as I said\n"
    assert scanned(text, detectors, lambda *_: PASS) == (text, [("kind", 10, text[10:46])])
    assert len(scanned(text, detectors)[1]) == 1


def test_operators_words_are_found_over_the_borders_of_words() -> None:
    text = "Nobody is to know of the project Blue Falcon before it begins.\n" * 3
    detectors = [finder("Blue Falcon")]

    passed, told = scanned(text, detectors, cuts=every(3, text), reach=11)

    assert "Falcon" not in passed
    assert len(told) == 3


def test_placeholders_are_not_found() -> None:
    """Nor is what was restored for them, as that is done behind: LiteLLM masks it again
    (BerriAI/litellm#28197)."""
    mask = partial(placeholder, b"made-up", "session")
    email = "jane.doe@" + "firma.de"
    taken = {mask("email", email): email}
    restoring = Restoring(taken)

    passed, told = scanned(f"password={mask('email', email)}, as you said\n", REAL)

    assert told == []
    assert restoring.feed(passed) == f"password={email}, as you said\n"


def values(chance: Random) -> list[str]:
    """Some of each kind that are whole before a part of them is released."""
    made = (make(chance) for makers in CERTAIN.values() for make in makers)
    return [value for value in made if len(value) < SURE and "\n" not in value]


@given(
    st.lists(st.one_of(st.sampled_from(PARTS), st.sampled_from(values(Random(1)))), max_size=40), st.data()
)
def test_what_is_found_does_not_depend_on_how_it_came(parts: list[str], data: st.DataObject) -> None:
    """Nor does what passes; and with the values in their places it is the text."""
    text = "".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=60))

    whole = scanned(text, REAL)

    assert scanned(text, REAL, cuts=cuts) == whole
    assert scanned(text, REAL, lambda *_: PASS, cuts=cuts) == (text, whole[1])


@given(st.lists(st.tuples(st.integers(4, 70), st.sampled_from(PARTS)), max_size=20), st.data())
def test_values_never_pass_and_all_else_does(made: list[tuple[int, str]], data: st.DataObject) -> None:
    text = "".join(f" key-{'7' * size} {part}" for size, part in made)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=60))
    detectors = [finder(r"(?<!\w)key-7{4,}(?!\w)")]

    passed, told = scanned(text, detectors, cuts=cuts)

    assert "key-7" not in passed
    assert put_back(passed, told) == text
    assert [value for _, _, value in told] == [f"key-{'7' * size}" for size, _ in made]


@given(st.lists(st.tuples(st.integers(4, 70), st.sampled_from(PARTS)), max_size=40), st.integers(0, 5_000))
def test_they_do_not_where_all_comes_at_once(made: list[tuple[int, str]], size: int) -> None:
    """It is gone through in large parts."""
    text = "9" * size + "".join(f" key-{'7' * size} {part}" for size, part in made)
    searched = list[str]()

    def found(text: str) -> Iterator[Found]:
        searched.append(text)
        return iter(finder(r"(?<!\w)key-7{4,}(?!\w)")(text))

    passed, told = scanned(text, [found], at_once=True)

    assert put_back(passed, told) == text
    assert [value for _, _, value in told] == [f"key-{'7' * size}" for size, _ in made]
    assert len(searched) <= 2 + len(text) // 2_000 + 2 * text.count("-----BEGIN ")


@given(
    st.lists(st.sampled_from([part for part in PARTS if part not in (HEADER, "-----BEGIN ")]), max_size=60)
)
def test_no_more_is_held_than_is_said(parts: list[str]) -> None:
    text = "".join(parts)
    scanning, fed, passed = Scanning([], lambda *_: PASS), 0, 0
    for char in text:
        fed, passed = fed + 1, passed + len(scanning.feed(char))
        assert fed - passed <= HOLD
    assert passed + len(scanning.end()) == len(text)


@pytest.mark.parametrize(
    "part",
    [
        "A1b2",
        "9",
        "1 ",
        "word ",
        "key-12345 ",
        "key-1",
        f"{HEADER}\n",
        f"{FOOTER}\n",
        "-----BEGIN ",
        "x9\n",
        " ",
    ],
)
def test_each_character_is_searched_a_bounded_number_of_times(part: str) -> None:
    """Whatever an answer says, and however small its pieces are."""
    searched = 0

    def counted(text: str) -> Iterator[Found]:
        nonlocal searched
        searched += len(text)
        return iter(KEYS[0](text))

    text = part * (20_000 // len(part))
    scanned(text, [counted], cuts=range(0, 20_000, 9))

    assert searched <= (CONTEXT + HOLD) // 9 * len(text)
