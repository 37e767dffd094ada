"""Findings over each other."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.secrets.disjoint import MOST, bounded, disjoint


def found(start: int, end: int, tier: Tier = Tier.GENERIC, kind: str = "token") -> Found:
    """One of a secret."""
    return Found(start=start, end=end, kind=kind, family=Family.SECRETS, tier=tier)


FOUND = st.builds(
    lambda start, length, tier: found(start, start + length, tier),
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from(Tier),
)


def test_the_surer_one_is_kept() -> None:
    """However short it is."""
    long, sure = found(0, 50), found(10, 20, Tier.CERTAIN)

    assert disjoint([long, sure]) == [sure]


def test_of_two_as_sure_the_longer_is_kept() -> None:
    """Wherever it begins."""
    short, long = found(0, 12), found(10, 30)

    assert disjoint([short, long]) == [long]


def test_of_two_alike_the_first_names_it() -> None:
    """The one that was handed in before the other."""
    first, second = found(3, 9, kind="z"), found(3, 9, kind="a")

    assert disjoint([first, second]) == [first]


def test_neighbours_do_not_overlap() -> None:
    """The end of one is the beginning of the next."""
    assert disjoint([found(5, 9), found(0, 5)]) == [found(0, 5), found(5, 9)]


@given(st.lists(FOUND, max_size=30))
def test_what_is_kept_is_sorted_and_disjoint_and_hits_all_that_is_not(given: list[Found]) -> None:
    """Nothing is dropped but for something at its place that is as sure."""
    kept = disjoint(given)

    assert all(one.end <= other.start for one, other in pairwise(kept))
    for one in given:
        over = [other for other in kept if other.start < one.end and one.start < other.end]
        assert over
        assert one in kept or any(other.tier is Tier.CERTAIN or other.tier is one.tier for other in over)


def test_the_last_of_too_many_goes_to_the_end() -> None:
    """A redaction leaves nothing of what is not listed."""
    many = [found(at * 10, at * 10 + 5) for at in range(MOST + 7)]

    kept = bounded(many, 20_000)

    assert len(kept) == MOST
    assert kept[:-1] == many[: MOST - 1]
    assert (kept[-1].start, kept[-1].end, kept[-1].tier) == ((MOST - 1) * 10, 20_000, Tier.GENERIC)


def test_the_last_of_too_many_is_as_sure_as_the_surest_of_the_rest() -> None:
    """A certain one among them is not taken for a doubtful one."""
    many = [found(at * 10, at * 10 + 5) for at in range(MOST + 7)]
    many[-2] = found((MOST + 5) * 10, (MOST + 5) * 10 + 5, Tier.CERTAIN, "github_token")

    last = bounded(many, 20_000)[-1]

    assert (last.tier, last.kind) == (Tier.CERTAIN, "github_token")


def test_as_many_as_there_may_be_are_left_alone() -> None:
    """The very list."""
    many = [found(at, at + 1) for at in range(MOST)]

    assert bounded(many, MOST) is many
