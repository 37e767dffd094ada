"""Counting what is seen until it is written."""

from tollway.discovery.sighting import OTHERS, Sighting, Who
from tollway.discovery.tally import THE_OTHERS, Seen, Tally

ANN, BEN = Who("ann"), Who("ben")
DAY, NEXT = "2026-11-30", "2026-12-01"


def seen(tally: Tally, host: str = "www.poe.com", who: Who = ANN) -> Seen:
    return tally.known_as(host, "poe.com", who)


def test_what_is_counted_is_taken_once() -> None:
    """With when it was first and last seen, whatever the clock does."""
    tally = Tally()
    tally.add(seen(tally), 5, connections=1)
    tally.add(seen(tally), 9, sent=3)
    tally.add(seen(tally), 7, received=4)
    tally.add(seen(tally, who=BEN), 8, refused=1)

    assert tally.take(DAY) == [
        Sighting(
            day=DAY, host="www.poe.com", who=ANN, connections=1, sent_bytes=3, received_bytes=4, first_us=5,
            last_us=9,
        ),
        Sighting(day=DAY, host="www.poe.com", who=BEN, refused=1, first_us=8, last_us=8),
    ]  # fmt: skip
    assert tally.take(DAY) == []


def test_what_could_not_be_written_is_taken_again_with_what_came_meanwhile() -> None:
    tally = Tally()
    tally.add(seen(tally), 5, connections=1, sent=3)
    taken = tally.take(DAY)
    tally.add(seen(tally), 9, connections=1, received=4)
    tally.put_back(taken)

    (one,) = tally.take(DAY)
    assert (one.connections, one.sent_bytes, one.received_bytes) == (2, 3, 4)
    assert (one.first_us, one.last_us) == (5, 9)


def test_so_many_are_told_apart_a_day_and_the_others_are_counted_together() -> None:
    """By the host as the list has it: who chooses names does not fill a ledger. The next day is another."""
    tally = Tally(most=2)
    known = [seen(tally, f"{n}.poe.com") for n in range(4)]

    assert known == [
        Seen("0.poe.com", ANN),
        Seen("1.poe.com", ANN),
        *[Seen("poe.com", THE_OTHERS)] * 2,
    ]
    assert THE_OTHERS.user == OTHERS
    assert seen(tally, "1.poe.com") == Seen("1.poe.com", ANN)
    tally.take(DAY)
    assert seen(tally, "2.poe.com") == Seen("2.poe.com", ANN)
    tally.take(DAY)
    assert seen(tally, "3.poe.com") == Seen("3.poe.com", ANN)
    assert seen(tally, "4.poe.com") == Seen("poe.com", THE_OTHERS)
    tally.take(NEXT)
    assert seen(tally, "4.poe.com") == Seen("4.poe.com", ANN)
