"""A node's part of the buckets, and what Redis has been told of it."""

from collections.abc import Iterable

from msgspec.structs import replace

from tests.tollway.ledger.fleet.fleets import want
from tests.tollway.ledger.limits import DAY_US, MINUTE_US, Limit
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.fleet.mirror import Mirror, Part
from tollway.ledger.store import BucketRow

DAY = want().bucket
ROLLS = want(Limit("rolling", window_us=90 * MINUTE_US, rolling=True)).bucket


def row(settled: int, held: int, bucket: Bucket = DAY) -> BucketRow:
    """How a bucket stands in the journal."""
    return BucketRow(
        bucket=bucket, amount=9, enforce=Enforce.HARD, settled=settled, held=held, started_us=NOON_US
    )


def told(mirror: Mirror, most: int = 9) -> dict[str, tuple[int, int]]:
    """What is to be told."""
    return {name: (part.settled, part.held) for name, part in mirror.to_tell(most)}


def tell(mirror: Mirror, names: Iterable[str]) -> None:
    """Redis has it, and nobody else has anything."""
    for name in names:
        part = mirror.of(name)
        assert part is not None
        mirror.told(name, part.settled, part.held)


def test_what_changes_is_told_once_and_in_the_order_in_which_it_did() -> None:
    """So many at once."""
    mirror = Mirror()
    mirror.stands("a", row(1, 2))
    mirror.stands("b", row(3, 4))
    mirror.stands("a", row(5, 0))
    assert list(told(mirror, 1)) == ["a"]
    assert told(mirror) == {"a": (5, 0), "b": (3, 4)}
    tell(mirror, "ab")

    assert told(mirror) == {}
    assert not mirror.has_news


def test_what_is_as_it_was_told_is_not_told_again() -> None:
    mirror = Mirror()
    mirror.stands("a", row(0, 0))
    assert mirror.has_news

    assert told(mirror) == {}
    assert not mirror.has_news


def test_what_redis_admitted_is_told_only_if_the_journal_says_otherwise() -> None:
    mirror = Mirror()
    for name in "abc":
        mirror.admitted(name, DAY, 100)
    mirror.stands("a", row(0, 100))
    mirror.stands("b", row(0, 40))

    assert told(mirror) == {"b": (0, 40), "c": (0, 0)}


def test_of_what_nobody_knows_whether_it_arrived_all_is_told() -> None:
    """Also where the node has nothing that it knows of."""
    mirror = Mirror()
    mirror.stands("a", row(5, 0))
    tell(mirror, "a")
    mirror.unsure(["a", "b"])
    mirror.admitted("a", DAY, 7)
    assert told(mirror) == {"a": (5, 0), "b": (0, 0)}
    tell(mirror, "ab")
    assert told(mirror) == {}
    mirror.unsure_of_all()

    assert told(mirror) == {"a": (5, 0), "b": (0, 0)}


def test_it_knows_what_all_have_as_far_as_it_was_told() -> None:
    """Its own part as it is."""
    mirror = Mirror()
    mirror.stands("a", row(5, 1))
    part = mirror.of("a")
    assert part is not None
    assert part.of_all == (5, 1)
    mirror.told("a", 105, 11)
    mirror.stands("a", row(7, 0))

    assert part.of_all == (107, 10)
    assert mirror.of("b") is None


def test_windows_that_roll_are_those_with_something_settled() -> None:
    mirror = Mirror()
    mirror.stands("a", row(5, 0, ROLLS))
    mirror.stands("b", row(0, 5, replace(ROLLS, key="b")))
    mirror.stands("c", row(5, 0))
    mirror.unsure(["d"])

    assert list(mirror.rolling()) == [ROLLS]


def test_what_is_nothing_or_over_is_let_go_of_once_it_is_told() -> None:
    """Of those that are over the names are told: the node is to be known for them no more."""
    mirror = Mirror()
    mirror.stands("over", row(5, 0))
    mirror.stands("held", row(5, 1))
    mirror.stands("nothing", row(0, 0))
    mirror.stands("rolls", row(5, 0, ROLLS))
    mirror.unsure(["unknown"])
    tell(mirror, ["held", "nothing", "rolls", "unknown"])
    assert mirror.forget(NOON_US + DAY_US) == []
    tell(mirror, ["over"])
    assert mirror.forget(NOON_US) == []

    assert mirror.forget(NOON_US + DAY_US) == ["over"]
    assert [name for name in ("over", "held", "nothing", "rolls", "unknown") if mirror.of(name)] == [
        "held", "rolls",
    ]  # fmt: skip
    mirror.unsure_of_all()
    assert told(mirror).keys() == {"held", "rolls"}


def stands(settled: int, held: int, amount: int = 1_000) -> Mirror:
    """One bucket `a`, which Redis has as it is, of a limit that wants something set aside."""
    mirror = Mirror()
    mirror.admitted("a", DAY, 0, used=0.0)
    mirror.stands("a", replace(row(settled, held), amount=amount))
    mirror.told("a", settled, held)
    return mirror


def part_of(mirror: Mirror) -> Part:
    """That of the bucket."""
    part = mirror.of("a")
    assert part is not None
    return part


def test_what_redis_set_aside_is_told_with_what_is_held_from_then_on() -> None:
    mirror = stands(100, 10)
    mirror.told("a", 100, 10 + 40, more=40)
    part = part_of(mirror)

    assert (part.aside, part.assured, part.of_all) == (40, 150, (100, 10))
    assert not mirror.has_news
    mirror.stands("a", replace(row(105, 0), amount=1_000))
    assert [part.telling for _, part in mirror.to_tell()] == [(105, 40)]


def test_of_what_may_or_may_not_have_arrived_the_less_is_assured() -> None:
    mirror = stands(100, 10)
    mirror.told("a", 100, 10 + 40, more=40)
    part = part_of(mirror)
    mirror.stands("a", replace(row(120, 30), amount=1_000))
    mirror.tells(part)
    assert part.assured == 150
    mirror.stands("a", replace(row(80, 0), amount=1_000))
    mirror.tells(part)
    mirror.unsure(["a"])
    assert part.assured == 120
    mirror.admitted("a", DAY, 50)
    assert part.assured == 120


def test_what_is_admitted_by_redis_is_assured() -> None:
    mirror = stands(100, 0)
    mirror.admitted("a", DAY, 50)

    assert part_of(mirror).assured == 150


def test_less_is_set_aside_where_others_leave_less_and_nothing_near_the_end() -> None:
    mirror = stands(0, 0)
    mirror.told("a", 0, 50, more=50)
    mirror.told("a", 600, 50)
    assert (part_of(mirror).aside, mirror.has_news) == (20, True)
    mirror.told("a", 870, 20)
    assert part_of(mirror).aside == 6
    mirror.told("a", 901, 6)
    assert part_of(mirror).aside == 0


def test_another_server_has_nothing_set_aside() -> None:
    mirror = stands(100, 10)
    mirror.told("a", 100, 50, more=40)
    mirror.unsure_of_all()

    assert (part_of(mirror).aside, part_of(mirror).assured) == (0, 0)
    assert [part.telling for _, part in mirror.to_tell()] == [(100, 10)]


def test_what_is_set_aside_is_looked_at_every_five_seconds_and_given_back_after_ten_minutes() -> None:
    mirror = stands(0, 0)
    mirror.told("a", 0, 50, more=50, now=10.0)
    mirror.look(14.9)
    assert not mirror.has_news
    mirror.look(15.0)
    assert [name for name, _ in mirror.to_tell()] == ["a"]
    mirror.told("a", 0, 50, now=15.0)
    mirror.look(600.0)
    part = part_of(mirror)
    assert (part.telling, part.grows) == ((0, 0), 0)
    mirror.told("a", 0, 0)
    mirror.look(601.0)
    assert not mirror.has_news


def test_a_part_with_something_set_aside_is_not_forgotten() -> None:
    mirror = stands(0, 0)
    mirror.told("a", 0, 50, more=50)

    mirror.forget(NOON_US + 9 * DAY_US)
    assert mirror.of("a") is not None
    mirror.look(600.0)
    mirror.told("a", 0, 0)
    mirror.forget(NOON_US + 9 * DAY_US)
    assert mirror.of("a") is None
    mirror.look(600.0)
