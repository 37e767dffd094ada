"""What a policy keeps calls from, and a call that nobody reads would get around."""

from collections.abc import Iterator

from tollway.budget.bucket import Enforce
from tollway.policy.schema import Policy


def enforced(policy: Policy) -> str | None:
    """The first such thing, for people; None: the policy only counts what calls cost."""
    return next(_enforced(policy), None)


def _enforced(policy: Policy) -> Iterator[str]:
    for entry in policy.limits:
        if entry.enforce is Enforce.HARD:
            yield f"the hard limit {entry.name}"
    if policy.rates:
        yield "rates"
    if policy.access:
        yield "access rules"
    for guardrail in policy.guardrails:
        if not guardrail.shadow and {guardrail.do, guardrail.generic, guardrail.unscanned} & {
            "redact",
            "block",
        }:
            yield "guardrails"
    if policy.identity and policy.anonymous == "refuse":
        yield "anonymous: refuse"
    if policy.faults.subscriptions == "refuse":
        yield "subscriptions: refuse"
