"""What searches for a policy's guardrails."""

import asyncio
import threading
import time
from collections.abc import Iterator

from tests.tollway.policy.written import policy
from tollway.guardrails.found import Found
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


def test_each_content_is_searched_once() -> None:
    one, body = made(), b'{"messages": [{"content": "a bluebird"}]}'

    assert [spot.kind for spot in one.search(one.look(body)).spots] == ["codenames"]
    assert one.look(body).new == []


def test_what_is_masked_is_not_found() -> None:
    one = made()

    assert one.search(one.look(b'{"a": "REDACTED_CODENAMES_abcdefghijkl"}')).spots == ()


async def test_what_is_searched_apart_is_found_all_the_same_one_after_the_other() -> None:
    """And the event loop goes on meanwhile."""
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

    one._unmasked.append(slow)
    bodies = [b'{"a": "a bluebird, %d"}' % number for number in range(5)]
    found = await asyncio.gather(*(one.search_apart(one.look(body)) for body in bodies))

    assert [len(each.spots) for each in found] == [1] * 5
    assert most == 1
