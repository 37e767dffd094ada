"""Who calls whom, as it is said on a command line: a provider in front of a model, a network for a caller."""

from collections.abc import Collection
from ipaddress import ip_address

from tollway.budget.attributes import Value
from tollway.identity.networks import network_of, networks
from tollway.policy.schema import Policy


def caller_in(policy: Policy, text: str) -> dict[str, Value] | None:
    """Who calls from a network of the policy or an address, by the first source that has it; None: the text
    is neither."""
    for source in policy.identity:
        known = {str(network): who for network, who in (source.networks or {}).items()}
        found = (text, known[text]) if text in known else network_of(networks(known), text)
        if found is not None:
            network, who = found
            said = {name: getattr(who, name) for name in ("user", "team", "role", "service")}
            return {**said, "group": who.groups or None, "network": network}
    return {} if _is_address(text) else None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def whom(
    names: Collection[str], provider: str | None, models: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """The provider, and the models as it is asked for them. `names`: of all providers, in small letters."""
    if provider is not None:
        return provider.lower(), models
    if models:
        first, _, rest = models[0].partition("/")
        if rest and first.lower() in names:
            return first.lower(), (rest, *models[1:])
    return None, models


def asks_for_provider(policy: Policy) -> bool:
    """Whether an access rule, a limit, a rate or an entry of `record` goes by it."""
    matches = [match for rule in policy.access for match in (rule.match, rule.unless or {})]
    matches += [limit.match for limit in policy.limits] + [rate.match for rate in policy.rates]
    matches += [entry.match for entry in policy.record]
    return any("provider" in match for match in matches)
