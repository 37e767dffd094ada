"""Among whom an answer is shared. An answer never crosses a scope: its name is a part of each key."""

from enum import StrEnum

from tollway.model import Identity


class Scope(StrEnum):
    """As a policy says it, the narrowest first."""

    USER = "user"
    TEAM = "team"
    COMPANY = "company"


NOBODY_VOUCHES = "nobody vouches for who calls, so no scope is open to it"
NO_USER = "its caller is known neither as a user nor as a service, among whose calls answers would be shared"
NO_TEAM = "its caller has no team, in which answers would be shared"


def scope_of(
    scope: Scope,
    who: Identity,
    credential: str | None,
    is_here: bool,
    knows_callers: bool,
    machine: str = "",
) -> str | None:
    """The name of the scope that a caller is in: `team research`. None: it is in none (`none_because`).

    `credential`: the fingerprint of what it shows its provider; `is_here`: it calls from this machine;
    `knows_callers`: the policy has a source of identity. What an unverified identity says counts for nothing.
    Where the policy has no source, whoever reaches the proxy is of the company, and who calls from this
    machine is a user, another one for each credential. `machine`: what tells this one from others that
    share its answers; "": there are none.
    """
    if not knows_callers:
        if scope is Scope.COMPANY:
            return "company"
        known = " ".join(filter(None, ("machine", machine, credential)))
        return known if scope is Scope.USER and is_here else None
    if not who.verified:
        return None
    match scope:
        case Scope.USER if who.user:
            return f"user {who.user}"
        case Scope.USER if who.service:
            return f"service {who.service}"
        case Scope.TEAM if who.team:
            return f"team {who.team}"
        case Scope.COMPANY:
            return "company"
    return None


def none_because(scope: Scope, who: Identity) -> str:
    """Why a caller is in no scope of this kind."""
    if not who.verified:
        return NOBODY_VOUCHES
    return NO_USER if scope is Scope.USER else NO_TEAM
