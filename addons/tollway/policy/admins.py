"""Who sees everything on the proxy's page: the section `admins` of a policy."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from tollway.budget.attributes import is_of_callers, of_caller
from tollway.identity.networks import is_loopback
from tollway.model import Identity
from tollway.policy.pattern import AttributeName, Condition, ConditionText, tester
from tollway.policy.whose_key import sure


def _of_callers(name: str) -> str:
    if not is_of_callers(name):
        raise ValueError(f"{name} says what is called, not who calls: user, team, role, group ... do")
    return name


CallerName = Annotated[AttributeName, AfterValidator(_of_callers)]
"""The name of an attribute by which callers are known."""
Admins = dict[CallerName, ConditionText]
"""All conditions must be met. Empty: nobody is one, where the policy says how callers are known."""


class Administrators:
    """Those of one policy."""

    def __init__(self, match: Mapping[str, Condition], knows_callers: bool) -> None:
        """`knows_callers`: the policy has a source of identity; else who calls from this machine is one."""
        self._tests = [(name, sure(tester(name, condition))) for name, condition in match.items()]
        self._knows_callers = knows_callers

    def have(self, who: Identity, address: str) -> bool:
        """Whether a caller is one. Of whom nobody vouches is none, whatever the conditions say of absent
        names. `address`: the client's."""
        if not self._knows_callers:
            return is_loopback(address)
        if not self._tests or not who.verified:
            return False
        known = of_caller(who)
        return all(meets(known.get(name)) for name, meets in self._tests)
