"""The buckets that a caller's calls count in, as far as they are that caller's to know."""

from collections.abc import Iterable

from tollway.budget.attributes import attributes, is_of_callers, of_caller
from tollway.budget.bucket import Bucket
from tollway.model import CallRecord, Identity
from tollway.policy.limit import Limit
from tollway.policy.limits import Limits


def own_buckets(limits: Limits, who: Identity, calls: Iterable[CallRecord], at_us: int) -> tuple[Bucket, ...]:
    """Those of now's windows: each once, in the policy's order.

    Limits that are kept apart by who calls alone have one for every caller, called or not; of the others,
    there are those that some of these calls of the caller's would count in today. Limits that go by a name
    which nobody vouches for are left out: whoever says that name would read what another has left.
    """
    told = [limit for limit in limits if _may_be_told(limits, limit, who)]
    known = of_caller(who)
    found = dict[str, Bucket]()
    for limit in told:
        if all(map(is_of_callers, limit.per)) and _may_meet(limits, limit, who):
            found |= {bucket.id: bucket for bucket in limits.buckets_of(limit, known, at_us)}
    keys = {limit.key for limit in told}
    kinds = {(frozenset(attributes(call).items()), call.billing): call for call in calls}
    for call in kinds.values():
        for bucket in limits.all_buckets(call, at_us):
            if bucket.key in keys:
                found[bucket.id] = bucket
    place = {key: i for i, key in enumerate(limits.keys())}
    return tuple(sorted(found.values(), key=lambda bucket: place[bucket.key]))


def _may_be_told(limits: Limits, limit: Limit, who: Identity) -> bool:
    """Whether all names that the limit goes by are certain. That nobody is known is."""
    if who.verified or who.source is None:
        return True
    names = [*limit.per, *(name for name, _ in limits.tests(limit.key))]
    return not any(is_of_callers(name) and name != "network" for name in names)


def _may_meet(limits: Limits, limit: Limit, who: Identity) -> bool:
    """Whether some call of the caller's meets the limit, whatever is called."""
    known = of_caller(who)
    return all(meets(known.get(name)) for name, meets in limits.tests(limit.key) if is_of_callers(name))
