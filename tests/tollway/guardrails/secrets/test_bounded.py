"""How many findings there may be."""

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.secrets.bounded import MOST, bounded


def found(start: int, end: int, tier: Tier = Tier.GENERIC, kind: str = "token") -> Found:
    """One of a secret."""
    return Found(start=start, end=end, kind=kind, family=Family.SECRETS, tier=tier)


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
