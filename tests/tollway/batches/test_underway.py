"""Uploads that are under way."""

from dataclasses import dataclass

from tollway.batches.underway import LONGEST_US, Underway


@dataclass
class Upload:
    """One that keeps so many bytes."""

    kept: int = 1


def test_one_is_found_until_it_ends() -> None:
    underway, upload = Underway[Upload](), Upload()
    underway.add("a", upload, 0)

    assert underway.find("a", 1) is upload
    assert underway.find("b", 1) is None
    underway.end("a")
    underway.end("a")
    assert underway.find("a", 1) is None


def test_one_of_which_nothing_is_heard_for_long_is_forgotten() -> None:
    underway = Underway[Upload]()
    underway.add("a", Upload(), 0)

    assert underway.find("a", LONGEST_US) is not None
    assert underway.find("a", 2 * LONGEST_US) is not None
    assert underway.find("a", 3 * LONGEST_US + 1) is None


def test_of_too_many_the_one_is_forgotten_that_was_not_heard_of_for_the_longest() -> None:
    underway = Underway[Upload](most=2)
    underway.add("a", Upload(), 0)
    underway.add("b", Upload(), 0)
    underway.find("a", 0)
    underway.add("c", Upload(), 0)

    assert [name for name in "abc" if underway.find(name, 0) is not None] == ["a", "c"]


def test_so_is_it_where_they_keep_too_much() -> None:
    """One that keeps too much by itself, too."""
    underway, growing = Underway[Upload](largest=10), Upload(5)
    underway.add("a", Upload(5), 0)
    underway.add("b", growing, 0)
    assert underway.find("a", 0) is not None

    growing.kept = 6
    assert underway.find("b", 0) is None
    assert underway.find("a", 0) is not None
    underway.add("c", Upload(11), 0)
    assert [name for name in "abc" if underway.find(name, 0) is not None] == []
