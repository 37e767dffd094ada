"""What earlier turns reported is remembered, within bounds."""

from tollway.bound.conversations import Conversations


def test_a_report_is_remembered_by_its_mark() -> None:
    conversations = Conversations()
    conversations.remember(b"a", 10)

    assert conversations.get(b"a") == 10
    assert conversations.get(b"b") is None


def test_of_two_reports_the_larger_holds() -> None:
    """Whichever came first."""
    conversations = Conversations()
    for tokens in (10, 30, 20):
        conversations.remember(b"a", tokens)

    assert conversations.get(b"a") == 30


def test_the_oldest_is_forgotten_first() -> None:
    """A mark that is reported again is young again."""
    conversations = Conversations(2)
    for mark in (b"a", b"b", b"a", b"c"):
        conversations.remember(mark, 1)

    assert [conversations.get(mark) for mark in (b"a", b"b", b"c")] == [1, None, 1]
