"""What a policy makes of a call that nobody has made: whether it is allowed, why, which limits it meets."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tollway.access.judging import doubt, message
from tollway.access.named import A_BATCH, NO_MODEL, NOT_READ, Named
from tollway.access.rule import Rule
from tollway.access.rules import Access, Verdict
from tollway.budget.attributes import Value
from tollway.model import BATCH, RETRIEVE, Kind
from tollway.policy.limits import Limits
from tollway.policy.schema import Faults, Policy

NOTHING_DENIES = "no access rule denies it"


class Explained(Struct, frozen=True):
    """The answer."""

    verdict: Verdict
    why: str
    """As the caller would be told, if the call is refused."""
    limits: tuple[str, ...]
    """The names of those that it would meet, in the policy's order."""

    @property
    def others(self) -> tuple[Rule, ...]:
        """The rules that are about it beside the one that decided."""
        return tuple(rule for rule in self.verdict.meaning if rule is not self.verdict.rule)


def explained(policy: Policy, attributes: Mapping[str, Value], models: Sequence[str]) -> Explained:
    """What becomes of a call that names these models; `attributes` has all else that is known of it."""
    named = named_by(attributes.get("operation"), tuple(dict.fromkeys(models)))
    verdict = judged(Access(policy.access), policy.faults, attributes, named)
    asked = {**attributes, "model": models[0] if models else None}
    limits = tuple(dict.fromkeys(limit.name for limit in Limits(policy).matching(asked)))
    return Explained(verdict, _why(verdict, named, asked), limits)


def judged(access: Access, faults: Faults, attributes: Mapping[str, Value], named: Named) -> Verdict:
    """What the rules make of a call of which no more is known."""
    waived = faults.batch == "allow" if named.unknown is A_BATCH else faults.unknown_call == "pass"
    return access.verdict(attributes, named, waived and named.unknown is not NO_MODEL)


def named_by(operation: Value, models: tuple[str, ...]) -> Named:
    """What a request of this operation would be known to name."""
    if operation == RETRIEVE:
        return Named(models, runs_none=True)
    if operation == BATCH:
        return Named(models, unknown=A_BATCH)
    if operation == Kind.UNKNOWN.value:
        return Named(models, unknown=NOT_READ, tells_operation=False)
    return Named(models, unknown=None if models else NO_MODEL)


def _why(verdict: Verdict, named: Named, known: Mapping[str, Value]) -> str:
    if not verdict.allowed:
        return message(verdict, known, None if verdict.sure else doubt(verdict, named, known))
    return NOTHING_DENIES if verdict.rule is None else f"the access rule {verdict.rule.name} allows it"


def as_json(found: Explained, lines: Mapping[int, int]) -> dict[str, Any]:
    """`{"allowed", "rule", "by", "why", "rules": [{"name", "kind", "line"}], "limits"}`: `rule` names the one
    that decided, `rules` has all that are about the call."""
    verdict = found.verdict
    return {
        "allowed": verdict.allowed,
        "rule": verdict.rule.name if verdict.rule is not None else None,
        "by": verdict.by,
        "why": found.why,
        "rules": [
            {"name": rule.name, "kind": rule.kind, "line": lines[rule.place]} for rule in verdict.meaning
        ],
        "limits": list(found.limits),
    }


def as_text(found: Explained, file: str, lines: Mapping[int, int]) -> str:
    """A line on what decided, one for each other rule that is about the call, and one for the limits."""
    verdict = found.verdict
    place = f" ({file}:{lines[verdict.rule.place]})" if verdict.rule is not None else ""
    said = [f"{'allowed' if verdict.allowed else 'denied'}: {found.why}{place}"]
    said += [f"also {rule.kind}: {rule.name} ({file}:{lines[rule.place]})" for rule in found.others]
    said += [f"limits: {', '.join(found.limits) or 'none'}"]
    return "\n".join(said)
