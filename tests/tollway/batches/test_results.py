"""Files of results, however their bytes are cut."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tests.tollway.batches.test_answers import CHAT, line
from tests.tollway.batches.test_sum import price
from tollway.batches.results import Results
from tollway.batches.sum import Sum


@given(st.integers(1, 5), st.booleans(), st.data())
def test_they_come_to_the_same_however_they_are_cut(number: int, ended: bool, data: st.DataObject) -> None:
    """The last line may have no end. A result that is there twice counts once."""
    lines = [orjson.dumps(line(CHAT, custom_id=str(n))) for n in range(number)]
    whole = b"\n".join([*lines, lines[0]]) + (b"\n" if ended else b"")
    sum = Sum(price)
    results = Results("openai", sum)

    for piece in pieces(whole, data):
        results.feed(piece)

    assert results.whole()
    assert (sum.answers, sum.cost.nano) == (number, 7 * number)


def test_what_can_not_be_read_is_not_whole() -> None:
    good = orjson.dumps(line(CHAT))
    unread = orjson.dumps(line({"object": "novel"}))
    for bad in (b"not JSON", b"[]", b"x" * 3000, unread):
        results = Results("openai", Sum(price), longest=2000)
        results.feed(good + b"\n" + bad)
        assert not results.whole()


def test_nothing_is_not_whole() -> None:
    assert not Results("openai", Sum(price)).whole()
