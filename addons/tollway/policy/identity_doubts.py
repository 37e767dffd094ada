"""What a policy says of callers and can't be meant to: names, keys and doors that are for nobody."""

from collections.abc import Iterator

from tollway.budget.bucket import Enforce
from tollway.policy.doubtful import Doubt
from tollway.policy.schema import Policy

NOBODY_ASKED = "`identity` has no source: nobody is asked, and everybody may call"
NO_TOKENS = "no source of `identity` reads these claims: nobody gets a name by them"
ASKS_ALL = "whoever opens a tunnel is asked for a token: strangers (anonymous: allow) open none"
HINT = "nobody checks such a token: one that names another {} is not held by the hard limits that go by it"
NO_KEYS = (
    "no `credentials` put a provider's key in the place of one of these: whoever calls with one is refused"
)


def identity_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    if not policy.identity and "anonymous" in policy.model_fields_set and policy.anonymous == "refuse":
        yield ("anonymous",), NOBODY_ASKED
    if policy.claims and not any(claims is policy.claims for claims in policy.claims_in_use()):
        yield ("claims",), NO_TOKENS
    puts = any(entry.inject is not None for entries in policy.credentials.values() for entry in entries)
    for i, source in enumerate(policy.identity):
        if source.proxy_jwt is not None and source.proxy_jwt.challenge and policy.anonymous == "allow":
            yield ("identity", i, "proxy_jwt", "challenge"), ASKS_ALL
        if source.virtual_keys is not None and not puts:
            yield ("identity", i, "virtual_keys"), NO_KEYS
        if source.provider_token is not None and policy.anonymous == "allow":
            for name in sorted(_leaned_on(policy) & source.provider_token.claims.keys()):
                yield ("identity", i, "provider_token", "claims", name), HINT.format(name)


def _leaned_on(policy: Policy) -> set[str]:
    """The attributes by which hard limits know their calls."""
    hard = (entry for entry in policy.limits if entry.enforce is Enforce.HARD)
    return {name for entry in hard for name in (*entry.match, *entry.per)}
