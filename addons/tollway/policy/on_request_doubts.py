"""What a policy says of routes on request and can't be meant to: rights that clients give themselves."""

from collections.abc import Iterator

from tollway.policy.doubtful import Doubt, is_chosen
from tollway.policy.schema import Policy


def on_request_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    for i, entry in enumerate(policy.on_request):
        for attribute in filter(is_chosen, entry.match):
            why = f"clients choose their {attribute}: one that says so may ask for these routes"
            yield ("on_request", i, "match", attribute), why
