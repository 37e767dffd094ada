"""What was found in which content."""

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.memory import Memory
from tollway.guardrails.spot import Known, Searched, searched

KEY = b"made-up"
PICTURE = {"type": "image", "source": {"type": "base64", "data": "iVBORw0K" * 25}}
TURNS = ("hello", "SECRET", "a SECRET\nand ANOTHER", "ünd \\ SECRET", [PICTURE])


def secret(text: str) -> Iterator[Found]:
    """Finds words in capitals."""
    for match in re.finditer(r"[A-Z]{4,}", text):
        yield Found(
            start=match.start(), end=match.end(), kind="capitals", family=Family.WORDS, tier=Tier.CERTAIN
        )


def body(*turns: object) -> bytes:
    return json.dumps(
        {"model": "x", "messages": [{"role": "user", "content": turn} for turn in turns]}
    ).encode()


def known(kind: str, value: str) -> Known:
    """Its length, say."""
    return Known(str(len(value)))


def search(memory: Memory, content: bytes) -> tuple[Searched, int]:
    """All that is in it, and how many pieces were searched for it."""
    looked = memory.look(content)
    new = looked.new
    return memory.learn(looked, [searched(piece.content, [secret], known) for piece in new]), len(new)


def test_a_turn_costs_what_is_new_in_it() -> None:
    memory = Memory(KEY, small=0)

    assert search(memory, body("hello"))[1] == 3
    assert search(memory, body("hello", "SECRET"))[1] == 1
    assert search(memory, body("hello", "SECRET", "more"))[1] == 1
    assert search(memory, body("hello", "SECRET"))[1] == 0


@given(st.lists(st.lists(st.sampled_from(TURNS)), max_size=4))
def test_what_is_known_is_told_as_what_is_searched(conversations: list[list[object]]) -> None:
    """Wherever it stands this time."""
    memory = Memory(KEY, small=0)
    for turns in conversations:
        content = body(*turns)
        assert search(memory, content)[0] == searched(content, [secret], known)


def test_a_key_that_holds_something_is_in_no_place_of_what_stands_at_it() -> None:
    """It was, in what a refusal and the ledger say, where the key is of the body and has a list."""
    content = json.dumps({"SECRET": [{"a": "ANOTHER"}, {"b": "MORE"}], "m": [{"c": "LAST"}]}).encode()

    memory = Memory(KEY, small=0)
    for _ in range(2):
        found, _ = search(memory, content)
        assert [spot.path for spot in found.spots] == [(), ("*", 0, "a"), ("*", 1, "b"), ("m", 0, "c")]


def test_of_too_many_contents_the_oldest_is_forgotten() -> None:
    memory = Memory(KEY, small=0, most=4)
    search(memory, body("a", "b"))
    search(memory, body("a", "c"))

    assert search(memory, body("a"))[1] == 0
    assert search(memory, body("b"))[1] == 1


def test_what_is_found_counts_as_a_content_does() -> None:
    """A body that is full of it pushes out others, and is not remembered itself if it is too much."""
    memory = Memory(KEY, small=0, most=8)
    search(memory, body("a"))
    search(memory, body("SECRET\n" * 6))

    assert search(memory, body("a"))[1] == 2
    search(memory, body("SECRET\n" * 9))
    assert search(memory, body("SECRET\n" * 9))[1] > 0


def test_a_name_says_nothing_without_the_key() -> None:
    (_, one, _), *_ = Memory(KEY, small=0).look(b"abc").parts
    (_, other, _), *_ = Memory(b"another").look(b"abc").parts

    assert one != other


def test_a_text_in_which_nothing_is_found_is_searched_once() -> None:
    """One in which something is, each time: what that is has to be said each time."""
    memory, searched = Memory(KEY), list[str]()

    def search(text: str) -> bool:
        searched.append(text)
        return text.isupper()

    for text in ("hello", "SECRET", "\udc80") * 2:
        assert memory.has(text, search) is text.isupper()

    assert searched == ["hello", "SECRET", "\udc80", "SECRET"]
    assert memory.look(b"hello").new, "a body is another content than a text"


def test_threads_may_share_one() -> None:
    """What one looks for may be what another one's search has pushed out just now: that call failed."""
    memory, bodies = Memory(KEY, small=0, most=3), [body(str(number)) for number in range(4)]

    def work(seed: int) -> None:
        random = Random(seed)
        for _ in range(10_000):
            looked = memory.look(random.choice(bodies))
            memory.learn(looked, [Searched((), 0)] * len(looked.new))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-9)
    try:
        with ThreadPoolExecutor(3) as threads:
            assert list(threads.map(work, range(3))) == [None] * 3
    finally:
        sys.setswitchinterval(before)


def test_a_small_body_is_one_content() -> None:
    """To look its pieces up would take as long as to search them."""
    memory = Memory(KEY, small=len(body("hello", "SECRET")))

    first, new = search(memory, body("hello", "SECRET"))

    assert new == 1
    assert search(memory, body("hello", "SECRET")) == (first, 0)
    assert first.spots[0].path == ("messages", 1, "content")
    assert search(memory, body("hello", "SECRET", "more"))[1] == 5
