"""All rules of a policy's `access`, and what they make of a call."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from tollway.access.named import Named
from tollway.access.rule import Rule
from tollway.access.seen import Seen, views
from tollway.budget.attributes import Value
from tollway.policy.access import AccessEntry

type By = Literal["allow", "deny", "default"]


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of a call, and why."""

    allowed: bool
    by: By
    """What decided; `default`: no rule did."""
    rule: Rule | None = None
    """The one that decided; of several the same one, in whatever order they stand."""
    model: str = ""
    """The model that decided, as the call names it; empty: it names none."""
    sure: bool = True
    """False: it may be that the rule is not about the call; what nobody can tell counts against it."""
    meaning: tuple[Rule, ...] = ()
    """All rules that are about it, in the policy's order."""


class Access:
    """The rules of one policy. False if there is none: then every call is admitted."""

    def __init__(self, entries: Sequence[AccessEntry] = ()) -> None:
        rules = [Rule(i, entry) for i, entry in enumerate(entries) if entry.default is None]
        self._rules = tuple(sorted(rules, key=lambda rule: rule.rank))
        self.denies_rest = any(entry.default is not None for entry in entries)
        """Whether what no rule allows is refused."""
        self.needs_models = any(rule.leans_on_models for rule in rules)
        """Whether a rule asks for the model: what a request names is then looked for."""

    def __bool__(self) -> bool:
        return bool(self._rules) or self.denies_rest

    def verdict(self, attributes: Mapping[str, Value], named: Named, waived: bool = False) -> Verdict:
        """What becomes of a call: each of the models that it may run has to be admitted.

        `waived`: what nothing reads passes, as the policy's `faults` say.
        """
        verdicts = [self._of(seen, name) for seen, name in views(attributes, named, waived)]
        refused = [each for each in verdicts if not each.allowed]
        found = min(refused, key=_weight) if refused else verdicts[0]
        meaning = {rule.place: rule for each in verdicts for rule in each.meaning}
        return Verdict(
            allowed=found.allowed,
            by=found.by,
            rule=found.rule,
            model=found.model,
            sure=found.sure,
            meaning=tuple(meaning[place] for place in sorted(meaning)),
        )

    def _of(self, seen: Seen, model: str) -> Verdict:
        meaning = tuple(rule for rule in self._rules if rule.means(seen))
        denying = [rule for rule in meaning if rule.kind == "deny"]
        allowing = [rule for rule in meaning if rule.kind == "allow"]
        if denying:
            sure = [rule for rule in denying if rule.means_surely(seen)]
            rule = (sure or denying)[0]
            return Verdict(allowed=False, by="deny", rule=rule, model=model, sure=bool(sure), meaning=meaning)
        if not self.denies_rest:
            return Verdict(allowed=True, by="default", model=model, meaning=meaning)
        if allowing:
            return Verdict(allowed=True, by="allow", rule=allowing[0], model=model, meaning=meaning)
        return Verdict(
            allowed=False,
            by="default",
            model=model,
            sure=not any(rule.kind == "allow" and rule.may_mean(seen) for rule in self._rules),
        )


def _weight(verdict: Verdict) -> tuple[bool, bool]:
    """A refusal that is certain before one that is not, a rule's before the default's."""
    return not verdict.sure, verdict.rule is None
