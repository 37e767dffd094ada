"""What a caller is told of itself: as an answer of the proxy, and as text."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.model import Identity

MAY_NOT_CALL = "Tollway does not know who calls, and lets nobody call whom it does not know: ask who runs it"
MAY_CALL = "Tollway does not know who calls; those it does not know may call here"


class Untold(StrEnum):
    """Why a proxy told nothing."""

    UNREACHABLE = "unreachable"
    LATE = "late"
    REFUSED = "refused"
    """It does not take the credentials, or wants some."""
    UNSURE = "unsure"
    """It can't say at the moment."""
    FOREIGN = "foreign"
    """It is no Tollway, or one of an older version."""


class Whoami(Struct, frozen=True, kw_only=True):
    """Who asks, as far as the proxy knows it by what the asking client showed."""

    known: bool
    identity: str | None = None
    """How it is known: proxy_jwt, header_jwt, networks ..."""
    verified: bool = False
    user: str | None = None
    team: str | None = None
    role: str | None = None
    service: str | None = None
    groups: tuple[str, ...] | None = ()
    """None: more than a token can say, so that they are unknown."""
    network: str | None = None
    claims: Mapping[str, str] = {}
    """What else the policy's `claims` name."""
    address: str
    """The client's, as the proxy sees it."""
    may_call: bool
    """Whether the proxy lets such a caller call at all; limits and rules are another question."""
    message: str | None = None
    """Why not."""


def whoami(identity: Identity, address: str, refuses: bool) -> Whoami:
    """What is told. `refuses`: whether nobody may call whom no source knows."""
    known = identity.source is not None
    may_call = known or not refuses
    return Whoami(
        known=known,
        identity=identity.source,
        verified=identity.verified,
        user=identity.user,
        team=identity.team,
        role=identity.role,
        service=identity.service,
        groups=None if identity.groups == UNKNOWN_GROUPS else identity.groups,
        network=identity.network,
        claims=identity.attributes,
        address=address,
        may_call=may_call,
        message=None if may_call else MAY_NOT_CALL,
    )


def text(who: Whoami) -> str:
    """The same for people: `ann@example.com, team search (proxy_jwt, verified)`, and a line for what else
    there is."""
    if not who.known:
        said = MAY_CALL if who.may_call else who.message or MAY_NOT_CALL
        return f"{said}\naddress: {who.address}"
    names = ", ".join(_names(who)) or "a caller without a name"
    how = f"{who.identity}, {'verified' if who.verified else 'not verified'}"
    return "\n".join([f"{names} ({how})", *_lines(who)])


def _names(who: Whoami) -> Iterator[str]:
    if who.user is not None:
        yield who.user
    for name in ("service", "team", "role"):
        if (value := getattr(who, name)) is not None:
            yield f"{name} {value}"


def _lines(who: Whoami) -> Iterator[str]:
    if who.groups is None:
        yield "groups: unknown, since there are more of them than the token can say"
    elif who.groups:
        yield f"groups: {', '.join(who.groups)}"
    for name, value in sorted(who.claims.items()):
        yield f"{name}: {value}"
    if who.network is not None:
        yield f"network: {who.network}"
    yield f"address: {who.address}"
