"""An answer as it is kept."""

from tests.tollway.caching.kept import answer


def test_nothing_of_what_it_says_is_shown() -> None:
    assert repr(answer(b"a secret")) == "Recorded(c1, 8 bytes)"
