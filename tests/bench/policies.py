"""The policies under which calls are measured: five hard limits that every call meets, among others."""

from collections.abc import Iterator

MATCHING = (
    "amount: 1000000 USD, window: month",
    "amount: 1000000 USD, window: day, per: user",
    "amount: 1000000M tokens, window: rolling 24h, per: user",
    "amount: 1000000M output tokens, window: week, per: [user, model]",
    "amount: 1000000000 requests, window: hour",
)
"""Hard, as all limits are that do not say otherwise; they have room for all calls."""
PER_USER = sum("per:" in limit for limit in MATCHING)
"""So many of them have a bucket for each user; the others have one each."""
RATES = """rates:
  - {name: often, per: user, allow: 1000000 requests / minute}
  - {name: much, per: user, allow: 1000G tokens / minute}
  - {name: wide, per: user, allow: 1000000 at once}
"""
"""They have room for all calls, too."""
TEAM = "ours"


def policy(limits: int) -> str:
    """So many limits, 5 at least, MATCHING among them; the others are the same for other teams.

    A tenth of them name their team by a pattern. Whoever calls from this machine is of TEAM.
    """
    said = "\n".join(f"  - {{{limit}}}" for limit in _limits(limits))
    return f"version: 1\nidentity: [{{networks: {{127.0.0.0/8: {{team: {TEAM}}}}}}}]\nlimits:\n{said}\n"


def _limits(count: int) -> Iterator[str]:
    apart = count // len(MATCHING)
    for number in range(count):
        ours = number % apart == 0 and number // apart < len(MATCHING)
        kind = MATCHING[number // apart if ours else number % len(MATCHING)]
        team = TEAM if ours else f"team-{number}{'-*' if number % 10 == 1 else ''}"
        yield f"name: limit-{number}, match: {{team: {team!r}}}, {kind}"
