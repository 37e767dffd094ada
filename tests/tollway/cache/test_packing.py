"""Bodies are packed where that pays."""

import os

import pytest

from tollway.cache.fault import Damaged
from tollway.cache.packing import packed, unpacked


def test_what_shrinks_is_packed_and_comes_back() -> None:
    body = b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n' * 40

    less = packed(body)

    assert less is not None
    assert len(less) < len(body) / 5
    assert unpacked(less, len(body)) == body


@pytest.mark.parametrize("body", [b"", b"a" * 100, os.urandom(10_000)], ids=["empty", "short", "noise"])
def test_what_does_not_is_left_as_it_is(body: bytes) -> None:
    assert packed(body) is None


def test_what_unpacks_to_something_else_is_damaged() -> None:
    less = packed(b"a" * 1000)
    assert less is not None

    for body, length in ((b"no zstd", 1000), (less, 999), (less, 1001), (less[:-3], 1000)):
        with pytest.raises(Damaged):
            unpacked(body, length)
