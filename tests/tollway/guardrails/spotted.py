"""Spots and rules for tests of judgements."""

from collections.abc import Collection, Mapping

from tollway.guardrails.found import Family, Tier
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Form, Known, Spot


def spot(
    kind: str,
    mark: str = "a mark",
    *,
    family: Family = Family.SECRETS,
    tier: Tier = Tier.CERTAIN,
    passes: Collection[int] = (),
    start: int = 0,
) -> Spot:
    """Something of a kind that was found."""
    return Spot(
        start=start,
        end=start + 4,
        path=("messages", start),
        within=(0, 4),
        form=Form.TEXT,
        levels=1,
        kind=kind,
        family=family,
        tier=tier,
        known=Known(mark, frozenset(passes)),
    )


def rule(
    finds: Collection[str],
    certain: Do,
    *,
    number: int = 0,
    name: str = "",
    generic: Do = Do.FLAG,
    least: int = 1,
    least_of: Mapping[str, int] | None = None,
    unscanned: Do = Do.IGNORE,
    restore: bool = False,
    never_into: tuple[str, ...] = (),
    reach: int = 0,
    shadow: bool = False,
) -> Rule:
    """A guardrail."""
    return Rule(
        number=number,
        name=name or f"guardrails[{number}]",
        finds=frozenset(finds),
        certain=certain,
        generic=generic,
        least=least,
        least_of=least_of or {},
        unscanned=unscanned,
        restore=restore,
        never_into=never_into,
        reach=reach,
        shadow=shadow,
    )
