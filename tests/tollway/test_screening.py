"""What searches for a policy's guardrails."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from tests.tollway.policy.written import policy
from tollway import screening as module
from tollway.guardrails.found import Found
from tollway.guardrails.spot import Searched
from tollway.screening import Screening, guard_key, screening

KEY = guard_key(b"made-up")
WORDS = policy("guardrails: [{name: codenames, words: [bluebird], do: flag}]")


def made() -> Screening:
    found = screening(WORDS, KEY)
    assert found is not None
    return found


def test_a_policy_without_guardrails_has_nothing_searched() -> None:
    assert screening(policy(""), KEY) is None


def test_its_key_is_not_that_of_the_fingerprints() -> None:
    assert KEY != b"made-up"
    assert KEY == guard_key(b"made-up") != guard_key(b"another")


def found(one: Screening, body: bytes) -> Searched:
    """What is found at once."""
    searched = one.search(body)
    assert isinstance(searched, Searched)
    return searched


def test_each_content_is_searched_once() -> None:
    one, asked = made(), list[str]()

    def detector(text: str) -> Iterator[Found]:
        asked.append(text)
        return iter(())

    one.detectors.append(detector)
    for _ in range(2):
        assert [spot.kind for spot in found(one, b'{"messages": [{"content": "a bluebird"}]}').spots] == [
            "codenames"
        ]

    assert len([text for text in asked if "bluebird" in text]) == 1


def test_each_text_of_answers_is_searched_once() -> None:
    one, asked = made(), list[str]()

    def detector(text: str) -> Iterator[Found]:
        asked.append(text)
        return iter(())

    one.detectors.append(detector)
    assert [one.finds(text) for text in ("a sparrow", "a bluebird") * 2] == [False, True] * 2
    assert asked == ["a sparrow", "a bluebird", "a bluebird"]


def test_what_is_masked_is_not_found() -> None:
    assert found(made(), b'{"a": "REDACTED_CODENAMES_abcdefghijkl"}').spots == ()


@pytest.mark.parametrize("size", [module.AT_ONCE, module.LONG])
async def test_long_texts_are_searched_beside_the_loop_one_after_the_other(size: int) -> None:
    one = made()
    at_once = most = 0
    loop = threading.get_ident()

    def slow(text: str) -> Iterator[Found]:
        nonlocal at_once, most
        assert threading.get_ident() != loop
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.01)  # what a long text takes
        at_once -= 1
        return iter(())

    one.detectors.append(slow)
    searches = [one.search(b'{"a": "a bluebird, %d%s"}' % (n, b"." * size)) for n in range(5)]
    assert not any(isinstance(each, Searched) for each in searches)
    spots = [each.spots for each in await asyncio.gather(*searches)]  # type: ignore[arg-type]

    assert [len(each) for each in spots] == [1] * 5
    assert most == 1
