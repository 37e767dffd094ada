"""A call, as far as its answer may depend on it."""

from tests.tollway.caching.asked import question


def test_nothing_of_what_it_says_is_shown() -> None:
    assert repr(question(b'{"a":"b"}')) == "Question(openai, chat, 9 bytes)"
