"""The entries of `cache`, ready for look-ups: which is about a call, and which scope its caller is in."""

from collections.abc import Mapping

from tollway.budget.attributes import Value, attributes, vouched
from tollway.caching.rule import Offer, Rule
from tollway.caching.scope import Scope, none_because, scope_of
from tollway.identity.networks import is_loopback
from tollway.model import CallRecord, Identity
from tollway.policy.cache import CacheEntry
from tollway.policy.index import Index
from tollway.policy.schema import Policy

NO_RULE = "no entry of the policy's `cache` is about it"
HINTED = "nobody vouches for who calls, and which entry of `cache` is about it hangs on that"


class Caching:
    """Those of one policy, which has some."""

    def __init__(self, policy: Policy, machine: str = "") -> None:
        """`machine`: as of `scope.scope_of`."""
        self.rules = tuple(_rule(place, entry) for place, entry in enumerate(policy.cache))
        self._index = Index([entry.match for entry in policy.cache])
        self._knows_callers = bool(policy.identity)
        self._machine = machine

    def offer(self, call: CallRecord) -> Offer | str:
        """What the first entry that is about a call offers to it; a text: why it is not cached.

        `call`: its row, as it comes, before any limit or route is asked. An entry that is about what a caller
        only says of itself offers nothing, and neither does the one behind it.
        """
        place = self.place(attributes(call))
        if not call.verified and place != self.place(vouched(call)):
            return HINTED
        if place is None:
            return NO_RULE
        rule, who = self.rules[place], _who(call)
        is_here = call.client is not None and is_loopback(call.client)
        name = scope_of(rule.scope, who, call.credential, is_here, self._knows_callers, self._machine)
        return Offer(rule=rule, scope=name) if name is not None else none_because(rule.scope, who)

    def place(self, known: Mapping[str, Value]) -> int | None:
        """Where the first stands that matches a call."""
        return next(iter(self._index.find(known)), None)


def caching(policy: Policy, machine: str = "") -> Caching | None:
    """What a policy says of answers to keep; None: nothing, so that none is kept."""
    return Caching(policy, machine) if policy.cache else None


def _who(call: CallRecord) -> Identity:
    return Identity(user=call.user, team=call.team, service=call.service, verified=call.verified)


def _rule(place: int, entry: CacheEntry) -> Rule:
    return Rule(
        name=entry.name or f"cache[{place}]",
        ttl_us=entry.ttl,
        scope=Scope(entry.scope),
        largest=entry.max_size,
        ignored=tuple(tuple(path.split(".")) for path in entry.key.ignore),
    )
