"""What a policy says of rates and can't be meant to: choices of clients, words without effect."""

from collections.abc import Iterator

from tollway.budget.amounts import Unit
from tollway.policy.action import written
from tollway.policy.document import Document
from tollway.policy.doubtful import ADDED, LONG_WAIT_US, PLAIN_WORDS, Doubt, is_chosen
from tollway.policy.limit import Route, Wait
from tollway.policy.pattern import is_foreign
from tollway.policy.rate import RateEntry
from tollway.policy.schema import Policy

NOT_HELD = "clients choose their {0}: one that says another is not held by this rate"
APART = "clients choose their {0}: one that says another is counted apart by this rate"
ALL_AT_ONCE = "all that is allowed may come at once in any case: this burst changes nothing"
LARGE = (
    f"each takes all of this rate: a call reserves {ADDED} tokens, which its provider may add, at the least"
)
FOLLOWED = "block refuses the call: nothing that follows it is ever done"
PATIENT = "most clients give up sooner: {} is longer than 5 minutes"
SAME = "the rate is for every model: wherever the call goes, it meets this rate as full"


def rate_doubts(policy: Policy, document: Document) -> Iterator[Doubt]:
    """Ways are from the policy's own place on. `document`: the policy as YAML has it."""
    for i, entry in enumerate(policy.rates):
        said = document.value["rates"][i]
        yield from _of_match(i, entry, isinstance(said.get("per"), str))
        if entry.burst == entry.allow.number:
            yield ("rates", i, "burst"), ALL_AT_ONCE
        reads = entry.allow.unit in (Unit.INPUT, Unit.TOKENS)
        if reads and entry.allow.number < ADDED and "operation" not in entry.match:
            yield ("rates", i, "allow"), LARGE
        if len(said.get("then", ())) > len(entry.then):
            yield ("rates", i, "then", len(entry.then)), FOLLOWED
        for j, action in enumerate(entry.then):
            if isinstance(action, Wait) and action.us > LONG_WAIT_US:
                yield ("rates", i, "then", j), PATIENT.format(written(action))
            if isinstance(action, Route) and not {"model", "provider"} & {*entry.match, *entry.per}:
                yield ("rates", i, "then", j), SAME


def _of_match(i: int, entry: RateEntry, is_one: bool) -> Iterator[Doubt]:
    for name in filter(is_chosen, entry.match):
        yield ("rates", i, "match", name), NOT_HELD.format(name)
    for j, name in enumerate(entry.per):
        if is_chosen(name):
            yield (("rates", i, "per") if is_one else ("rates", i, "per", j)), APART.format(name)
    for name in sorted(PLAIN_WORDS & entry.match.keys()):
        for text in filter(is_foreign, entry.match[name].values):
            why = f"in {text!r}, * and ? alone are wild: all else is meant as it is written"
            yield ("rates", i, "match", name), why
