"""The policy file, and what it names outside of it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tollway.cli.check import examine
from tollway.diagnosis.policy import Examined
from tollway.errors import PolicyError
from tollway.observe.post import AddressError, address, signing
from tollway.paths import policy_path
from tollway.policy.schema import Policy
from tollway.policy.whose_key import WhoseKey
from tollway.policy_file import read_policy
from tollway.provider_keys import NOT_SET, UNREADABLE, shown


def examined(path: Path | None, environment: Mapping[str, str]) -> tuple[Examined, Policy]:
    """What there is to say of a policy, and the policy; one that only meters where it has mistakes.

    `path` None: the user's own, if there is one.
    """
    path = path or policy_path()
    if path is None:
        return Examined(file=None), Policy(version=1)
    mistakes, doubts = examine(path)
    try:
        policy = read_policy(path)
    except PolicyError:
        policy = Policy(version=1)
    missing = () if mistakes else tuple(_missing(policy, environment))
    return Examined(file=str(path), mistakes=mistakes, doubts=doubts, missing=missing), policy


def _missing(policy: Policy, environment: Mapping[str, str]) -> Iterator[str]:
    """What the policy counts on, and is not here."""
    if policy.alerts.webhook is not None:
        try:
            address(policy.alerts.webhook, environment)
        except AddressError as error:
            yield str(error)
    if policy.alerts.secret is not None:
        try:
            signing(policy.alerts.secret, environment)
        except AddressError as error:
            yield str(error)
    for place in sorted(WhoseKey(policy.credentials).places):
        kind, _, rest = place.partition(":")
        if kind == "env" and not environment.get(rest):
            yield f"credentials: {shown(place)}: {NOT_SET}"
        elif kind == "file" and not os.access(rest, os.R_OK):
            yield f"credentials: {shown(place)}: {UNREADABLE}"
