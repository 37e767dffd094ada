"""What a policy's credentials say and can't be meant to: keys for strangers, and keys that no call gets."""

from collections.abc import Iterator

from tollway.budget.attributes import is_of_callers
from tollway.policy.access import Match
from tollway.policy.doubtful import Doubt, is_chosen
from tollway.policy.schema import Policy

NOBODY_ASKED = "nobody is asked who calls (identity): whoever reaches the proxy calls with this key"
STRANGERS = (
    "whom nobody knows may call (anonymous: allow), and calls with this key: say in `match` who gets it"
)
NEVER = "an entry before it is for every call: this one never holds"


def credential_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    lets_strangers_in = bool(policy.identity) and policy.anonymous == "allow"
    for name, entries in policy.credentials.items():
        if not policy.identity and any(entry.inject is not None for entry in entries):
            yield ("credentials", name), NOBODY_ASKED
        for i, entry in enumerate(entries):
            for attribute in filter(is_chosen, entry.match):
                why = f"clients choose their {attribute}: one that says so gets this key"
                yield ("credentials", name, i, "match", attribute), why
            if lets_strangers_in and entry.inject is not None and not _asks_who(entry.match):
                yield ("credentials", name, i, "inject"), STRANGERS
            if any(not before.match for before in entries[:i]):
                yield ("credentials", name, i), NEVER


def _asks_who(match: Match) -> bool:
    """Whether a condition keeps strangers out: of them all is absent by which callers are known."""
    return any(not condition.negated and is_of_callers(name) for name, condition in match.items())
