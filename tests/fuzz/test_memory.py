"""A reader of an answer without end holds a part of it that is bounded."""

import gc
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest

from tests.fuzz.cases import INFERENCE
from tests.fuzz.mutations import events
from tests.golden.golden import Golden
from tests.golden.road import asked_of, reader_of, recognised

MEBI = 2**20
STREAMED, WHOLE = 2 * MEBI, 5 * MEBI
"""The texts of a stream up to 1 MB; an object up to 4 MB, or both ends of a longer one."""
MESSAGE = 25 * MEBI
"""The longest message that a framing waits for has 24 MB."""


def distinct() -> Iterator[Golden]:
    """A golden file for each reader that there is, whole and streamed."""
    seen = set()
    for golden in INFERENCE:
        kind = (recognised(golden).dialect, golden.expected["stream"])
        if kind not in seen and golden.document["status"] == 200:
            seen.add(kind)
            yield golden


GOLDENS = tuple(distinct())


def held(root: object) -> int:
    """Bytes of all texts and buffers that something refers to."""
    seen, stack, size = {id(root)}, [root], 0
    while stack:
        one = stack.pop()
        if isinstance(one, bytes | bytearray | str):
            size += len(one)
        for other in gc.get_referents(one):
            if id(other) not in seen and not isinstance(other, type | ModuleType | FunctionType):
                seen.add(id(other))
                stack.append(other)
    return size


@pytest.mark.parametrize("golden", GOLDENS, ids=repr)
def test_events_without_end_are_not_kept(golden: Golden) -> None:
    """The middle of an answer comes over and over again."""
    endpoint = recognised(golden)
    reader = reader_of(golden, endpoint, asked_of(golden, endpoint))
    found = events(golden.answer)
    middle = b"".join(found[1:-1]) or golden.answer[1:-1]
    reader.feed(found[0] if len(found) > 2 else golden.answer[:1])

    most = STREAMED if golden.expected["stream"] else WHOLE

    for _ in range(most // MEBI + 1):
        reader.feed(middle * (MEBI // len(middle)))

    reader.report()
    assert held(reader) <= most
    assert len(reader.delivered()) <= most


@pytest.mark.parametrize("golden", GOLDENS, ids=repr)
def test_a_text_without_end_is_not_kept(golden: Golden) -> None:
    """An object opens, and a string in it never ends."""
    endpoint = recognised(golden)
    reader = reader_of(golden, endpoint, asked_of(golden, endpoint))
    reader.feed(b'{"model": "m", "text": "')

    for _ in range(40):
        reader.feed(b"x" * MEBI)

    reader.report()
    assert held(reader) <= MESSAGE
    assert len(reader.delivered()) <= WHOLE
