"""What a policy's access rules say and can't be meant to: sound, but without effect or without force."""

from collections.abc import Iterator, Mapping, Sequence

from tollway.policy.access import AccessEntry, Match
from tollway.policy.doubtful import PLAIN_WORDS, Doubt, is_chosen
from tollway.policy.pattern import is_foreign

ASKED = ("allow", "deny", "unless")
"""Where an entry has conditions."""


def conditions(entry: AccessEntry) -> Iterator[tuple[str, Match]]:
    """All conditions of an entry, by the key that they stand under."""
    parts: Mapping[str, Match | None] = {key: getattr(entry, key) for key in ASKED}
    return ((key, match) for key, match in parts.items() if match is not None)


def access_doubts(entries: Sequence[AccessEntry]) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    denies_rest = any(entry.default is not None for entry in entries)
    allows = any(entry.allow is not None for entry in entries)
    for i, entry in enumerate(entries):
        if entry.allow is not None and not denies_rest:
            why = "does nothing: without `default: deny`, what no rule denies is allowed"
            yield ("access", i, "allow"), why
        if entry.default is not None and not allows:
            yield ("access", i, "default"), "no rule allows anything: every call is refused"
        for key, match in conditions(entry):
            for name in match:
                if is_chosen(name):
                    yield ("access", i, key, name), f"clients choose their {name}: {_evaded(entry, key)}"
            for name in PLAIN_WORDS & match.keys():
                for text in filter(is_foreign, match[name].values):
                    why = f"in {text!r}, * and ? alone are wild: all else is meant as it is written"
                    yield ("access", i, key, name), why


def _evaded(entry: AccessEntry, key: str) -> str:
    """What a client gets by saying something else."""
    if key == "unless":
        return (
            "one that says so is not denied" if entry.deny is not None else "one that says another is allowed"
        )
    return "one that says another is not denied" if key == "deny" else "one that says so is allowed"
