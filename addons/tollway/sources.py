"""Ways to know a caller beside tokens of an issuer: networks, keys that were given out, keys that are known,
and hints."""

from collections.abc import Callable, Mapping
from math import inf

from msgspec import Struct

from tollway.identity.bearer import bearer
from tollway.identity.claims import Claim
from tollway.identity.judge import Known, Missing, Refused
from tollway.identity.networks import Network, Networks, network_of, networks
from tollway.identity.presented import in_header
from tollway.identity.token import read
from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.fault import LedgerError
from tollway.model import Identity
from tollway.policy.identity import Caller

NETWORKS, API_KEYS, HINTS = "networks", "api_keys", "provider_token"
AUTHORIZATION = "authorization"
MOST_REMEMBERED = 4096
"""Addresses whose callers are known; then all are looked up again."""

type Answer = Known | Refused | Missing


class Shown(Struct, frozen=True, kw_only=True):
    """What a client shows of itself."""

    proxy: str | None = None
    """The token that it showed to the proxy."""
    headers: Mapping[str, str] = {}
    """Of its request, by lower-case name."""
    address: str
    key: bytes | None = None
    """The digest of a key of ours."""
    fingerprint: str | None = None
    """Of the credential for the provider."""

    def __repr__(self) -> str:
        """Without tokens and headers."""
        return f"Shown({self.address})"


class Addresses:
    """The callers of networks."""

    def __init__(self, given: Mapping[Network, Caller]) -> None:
        self._networks: Networks[Caller] = networks({str(network): who for network, who in given.items()})
        self._known: dict[str, Known | None] = {}

    def __call__(self, shown: Shown) -> Answer | None:
        if shown.address not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[shown.address] = self._look_up(shown.address)
        return self._known[shown.address]

    def _look_up(self, address: str) -> Known | None:
        found = network_of(self._networks, address)
        if found is None:
            return None
        network, who = found
        return known(who, NETWORKS, network)


class GivenKeys:
    """The bearers of keys that were given out."""

    def __init__(self, find: Callable[[bytes], VirtualKey | None], now: Callable[[], float]) -> None:
        """`find` raises LedgerError; `now`: seconds since the epoch."""
        self._find = find
        self._now = now

    def __call__(self, shown: Shown) -> Answer | None:
        if shown.key is None:
            return None
        try:
            key = self._find(shown.key)
        except LedgerError as error:
            return Missing(source=None, kid=None, why=str(error), no_keys=True)
        if key is None:
            return Refused(why="it is no key that was given out")
        if (state := key.state(int(self._now() * 1_000_000))) != "valid":
            return Refused(why=f"the key {key.id} is {state}")
        return Known(identity=key.identity(), expires=inf)


def no_keys(shown: Shown) -> Answer | None:
    """Where a policy takes no keys of ours, whoever shows one is refused, and not passed over."""
    if shown.key is None:
        return None
    return Refused(why="it is a key of Tollway's, and the policy takes none (identity: virtual_keys)")


class KnownKeys:
    """The owners of providers' keys, by their fingerprints."""

    def __init__(self, owners: Mapping[str, Caller]) -> None:
        self._owners = {fingerprint: known(who, API_KEYS) for fingerprint, who in owners.items()}

    def __call__(self, shown: Shown) -> Answer | None:
        return self._owners.get(shown.fingerprint) if shown.fingerprint is not None else None


class Hints:
    """Who tokens for providers say that their bearers are, which nobody checks."""

    def __init__(self, names: Mapping[str, Claim], issuer: str | None) -> None:
        self._names = names
        self._issuer = issuer

    def __call__(self, shown: Shown) -> Answer | None:
        text = in_header(shown.headers, AUTHORIZATION)
        token = read(text) if text is not None else ""
        if isinstance(token, str) or self._issuer not in (None, token.claims.get("iss")):
            return None
        return Known(identity=bearer(HINTS, self._names, token.claims, verified=False), expires=inf)


def known(who: Caller, source: str, network: str | None = None) -> Known:
    """Somebody whom the policy names."""
    identity = Identity(
        user=who.user,
        team=who.team,
        role=who.role,
        service=who.service,
        groups=who.groups,
        network=network,
        source=source,
        verified=True,
    )
    return Known(identity=identity, expires=inf)
