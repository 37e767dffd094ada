"""What a process remembers of calls in flight."""

import pytest

from tollway.ledger import flying as module
from tollway.ledger.flying import Flying, Opened

OPENED = Opened(0, 1, {1: 5}, '{"1":5}')


def test_what_was_noted_is_taken_once() -> None:
    flying = Flying()
    flying.note("a", OPENED)

    assert flying.take("a") == OPENED
    assert flying.take("a") is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was forgotten is read again from its row."""
    monkeypatch.setattr(module, "MOST_KNOWN", 1)
    flying = Flying()
    flying.note("a", OPENED)
    flying.note("b", OPENED)

    assert (flying.take("a"), flying.take("b")) == (None, OPENED)
