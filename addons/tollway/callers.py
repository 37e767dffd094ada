"""Who calls: the policy's sources of identity, asked in their order, with the keys that they go by."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf

from mitmproxy.utils import asyncio_utils
from msgspec import Struct

from tollway.identity.judge import Known, Missing, Refused, judged
from tollway.identity.keys import KeySet
from tollway.identity.networks import Network, Networks, network_of, networks
from tollway.identity.presented import in_header
from tollway.identity.remembered import Remembered
from tollway.identity.source import Tokens
from tollway.identity.verify import Issuer
from tollway.issuers.keeping import Keeping
from tollway.issuers.published import published
from tollway.model import Identity
from tollway.policy.identity import Caller, Claims, HeaderTokens, ProxyTokens
from tollway.policy.schema import Policy

NETWORKS = "networks"
MOST_REMEMBERED = 4096
"""Addresses whose callers are known; then all are looked up again."""

type Answer = Known | Refused | Missing
type Ask = Callable[["Shown"], Answer | None]
"""One source, or several in one place; None: it has nothing to say."""


class Shown(Struct, frozen=True, kw_only=True):
    """What a client shows of itself."""

    proxy: str | None
    """The token that it showed to the proxy."""
    headers: Mapping[str, str]
    """Of its request, by lower-case name."""
    address: str

    def __repr__(self) -> str:
        """Without tokens and headers."""
        return f"Shown({self.address})"


class Callers:
    """Knows callers by one policy at a time."""

    def __init__(self, now: Callable[[], float], monotonic: Callable[[], float] = time.monotonic) -> None:
        """`now`: seconds since the epoch; `monotonic`: seconds that only go forward."""
        self._now = now
        self._monotonic = monotonic
        self._asks: Sequence[Ask] = ()
        self._keeping: dict[tuple[str, str | None], tuple[Keeping, asyncio.Task[None]]] = {}
        self.headers: frozenset[str] = frozenset()
        """Those in which tokens stand: they go no further than here."""
        self.challenges = False
        """Whether a client that shows the proxy nothing is asked for a token."""
        self.refuses = False
        """Whether nobody may call whom no source knows."""

    def swap(self, policy: Policy) -> None:
        """Go by another policy from now on. Keys of issuers that it names, too, are kept."""
        proxies = [one.proxy_jwt for one in policy.identity if one.proxy_jwt is not None]
        headers = [one.header_jwt for one in policy.identity if one.header_jwt is not None]
        said: list[ProxyTokens | HeaderTokens] = [*proxies, *headers]
        known = [_tokens(one, policy.claims) for one in said]
        self._keep(known)
        self.headers = frozenset(one.header for one in headers)
        only = len(policy.identity) == len(proxies) > 0
        self.challenges = only or any(one.challenge for one in proxies)
        self.refuses = bool(policy.identity) and policy.anonymous == "refuse"
        self._asks = tuple(self._ordered(policy, known))

    def _ordered(self, policy: Policy, known: Sequence[Tokens]) -> list[Ask]:
        """In the policy's order; all sources of one place are asked where the first of them stands."""
        asks: dict[str, Ask] = {}
        for number, source in enumerate(policy.identity):
            if source.networks is not None:
                asks[f"{NETWORKS} {number}"] = _Addresses(source.networks)
                continue
            header = source.header_jwt.header if source.header_jwt is not None else None
            place = [each for each in known if each.header == header]
            asks.setdefault(f"header {header}", partial(self._token, header, place, Remembered()))
        return list(asks.values())

    def who(self, shown: Shown) -> Answer | None:
        """Who it is by the first source that has something to say; None: no source knows."""
        for ask in self._asks:
            if (answer := ask(shown)) is not None:
                return answer
        return None

    async def who_now(self, shown: Shown, missing: Missing) -> Answer | None:
        """The same, after a look whether a key that was missing has been published since."""
        keeping, _ = self._keeping[_place(missing.source)]
        await keeping.renewed(missing.kid)
        return self.who(shown)

    def stop(self) -> None:
        """Fetch no more keys."""
        self._keep(())

    def _token(
        self, header: str | None, sources: Sequence[Tokens], remembered: Remembered, shown: Shown
    ) -> Answer | None:
        text = shown.proxy if header is None else in_header(shown.headers, header)
        if text is None:
            return None
        now = self._now()
        known = remembered.find(text, now)
        if known is not None:
            return known
        answer = judged(text, sources, self._keys, now)
        if isinstance(answer, Known):
            remembered.add(text, answer, now)
        return answer

    def _keys(self, source: Tokens) -> KeySet | None:
        return self._keeping[_place(source)][0].keys

    def _keep(self, sources: Sequence[Tokens]) -> None:
        """Keep the keys of these, and of no others."""
        wanted = {_place(source): source for source in sources}
        for place in self._keeping.keys() - wanted.keys():
            self._keeping.pop(place)[1].cancel()
        for issuer, jwks in wanted.keys() - self._keeping.keys():
            keeping = Keeping(issuer, partial(published, issuer, jwks), self._monotonic)
            task = asyncio_utils.create_task(keeping.run(), name=f"keys of {issuer}", keep_ref=True)
            self._keeping[issuer, jwks] = keeping, task


class _Addresses:
    """The callers of networks."""

    def __init__(self, given: Mapping[Network, Caller]) -> None:
        self._networks: Networks[Caller] = networks({str(network): who for network, who in given.items()})
        self._known: dict[str, Known | None] = {}

    def __call__(self, shown: Shown) -> Known | None:
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
        identity = Identity(
            user=who.user,
            team=who.team,
            role=who.role,
            service=who.service,
            groups=who.groups,
            network=network,
            source=NETWORKS,
            verified=True,
        )
        return Known(identity=identity, expires=inf)


def _place(source: Tokens) -> tuple[str, str | None]:
    """What keys are kept by."""
    return source.issuer.issuer, source.jwks


def _tokens(said: ProxyTokens | HeaderTokens, names: Claims) -> Tokens:
    return Tokens(
        issuer=Issuer(issuer=said.issuer, audiences=said.audience, algorithms=said.algorithms),
        jwks=said.jwks,
        names=names if said.claims is None else said.claims,
        header=said.header if isinstance(said, HeaderTokens) else None,
    )
