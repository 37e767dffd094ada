"""What a policy says of texts to keep and can't be meant to: entries without effect, choices of clients."""

from collections.abc import Iterator

from tollway.policy.doubtful import PLAIN_WORDS, Doubt, is_chosen
from tollway.policy.pattern import is_foreign
from tollway.policy.schema import Policy
from tollway.policy.wider import is_wider

BEHIND = "record[{}] is about all of these calls, and the first that matches holds: this entry does nothing"
CHOSEN = "clients choose their {}: whether the texts of a call are kept is up to its client"


def record_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    for i, entry in enumerate(policy.record):
        for j, before in enumerate(policy.record[:i]):
            if is_wider(before.match, entry.match):
                yield ("record", i), BEHIND.format(j)
                break
        for name in filter(is_chosen, entry.match):
            yield ("record", i, "match", name), CHOSEN.format(name)
        for name in sorted(PLAIN_WORDS & entry.match.keys()):
            for text in filter(is_foreign, entry.match[name].values):
                why = f"in {text!r}, * and ? alone are wild: all else is meant as it is written"
                yield ("record", i, "match", name), why
