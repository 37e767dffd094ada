"""Which of findings that lie over each other stays."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Family, Found, Tier


def found(start: int, end: int, tier: Tier = Tier.CERTAIN, kind: str = "card") -> Found:
    """A finding."""
    return Found(start=start, end=end, kind=kind, family=Family.PERSONAL, tier=tier)


def test_the_surer_one_stays_though_it_is_shorter() -> None:
    """A number that is certainly a card is not hidden by what may be a telephone's."""
    assert disjoint([found(0, 20, Tier.GENERIC), found(5, 10)]) == [found(5, 10)]


def test_of_equals_the_longer_one_stays() -> None:
    """Then the earlier one."""
    assert disjoint([found(3, 8), found(0, 6)]) == [found(0, 6)]
    assert disjoint([found(3, 9), found(0, 6)]) == [found(0, 6)]


def test_what_touches_does_not_overlap() -> None:
    """The end of a finding is not part of it."""
    assert disjoint([found(5, 9), found(0, 5)]) == [found(0, 5), found(5, 9)]


def test_one_place_has_one_kind() -> None:
    """The one that was given first: detectors give what says more before what says less."""
    assert disjoint([found(0, 5, kind="b"), found(0, 5, kind="a")]) == [found(0, 5, kind="b")]


def test_what_has_more_weight_stays_first_of_all() -> None:
    assert disjoint([found(0, 20), found(5, 6, Tier.GENERIC)], lambda one: one.end == 6) == [
        found(5, 6, Tier.GENERIC)
    ]


PLACES = st.tuples(st.integers(0, 50), st.integers(1, 20), st.sampled_from(Tier))


@given(st.lists(PLACES, max_size=30))
def test_what_stays_is_in_order_and_apart_and_covers_the_sure_ones(
    places: list[tuple[int, int, Tier]],
) -> None:
    """Each finding that went lies over one that stayed, which is as sure."""
    all_of_them = [found(start, start + size, tier) for start, size, tier in places]

    stayed = disjoint(all_of_them)

    assert all(a.end <= b.start for a, b in pairwise(stayed))
    for one in all_of_them:
        over = [other for other in stayed if other.start < one.end and one.start < other.end]
        assert one in stayed or any(other.tier is Tier.CERTAIN or one.tier is Tier.GENERIC for other in over)
