"""What a policy says of guardrails and can't be meant to: choices of clients, orders without effect."""

from collections.abc import Iterator

from tollway.policy.doubtful import PLAIN_WORDS, Doubt, is_chosen
from tollway.policy.guardrails import GuardrailEntry
from tollway.policy.pattern import is_foreign
from tollway.policy.schema import Policy

CHOSEN = "clients choose their {}: one that says another is rid of this guardrail"
ABOUT_REQUESTS = "is about requests, which this guardrail does not look through"
ALL_CERTAIN = "words and patterns are certain: nothing here only looks like one"


def guardrail_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    for i, entry in enumerate(policy.guardrails):
        yield from _of_match(i, entry)
        if entry.in_ == "response" and "unscanned" in entry.model_fields_set:
            yield ("guardrails", i, "unscanned"), ABOUT_REQUESTS
        if entry.generic == "ignore" and not set(entry.find):
            yield ("guardrails", i, "generic"), ALL_CERTAIN
        for kind, count in entry.at_least.items() if isinstance(entry.at_least, dict) else ():
            if kind not in (*entry.find, entry.name) and not {"secrets", "personal"} & set(entry.find):
                why = f"this guardrail does not look for it: {count} of it change nothing"
                yield ("guardrails", i, "at_least", kind), why


def _of_match(i: int, entry: GuardrailEntry) -> Iterator[Doubt]:
    for name in entry.match:
        if is_chosen(name):
            yield ("guardrails", i, "match", name), CHOSEN.format(name)
    for name in sorted(PLAIN_WORDS & entry.match.keys()):
        for text in filter(is_foreign, entry.match[name].values):
            why = f"in {text!r}, * and ? alone are wild: all else is meant as it is written"
            yield ("guardrails", i, "match", name), why
