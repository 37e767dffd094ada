"""Who calls: the policy's sources of identity, asked in their order, with the keys that they go by."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from mitmproxy.utils import asyncio_utils
from msgspec.structs import replace

from tollway.identity.judge import NO_KEYS, Known, Missing, judged
from tollway.identity.keys import KeySet
from tollway.identity.presented import in_header
from tollway.identity.remembered import Remembered
from tollway.identity.source import Tokens
from tollway.identity.verify import Issuer
from tollway.identity.virtual_key import VirtualKey
from tollway.issuers.keeping import Keeping
from tollway.issuers.published import published
from tollway.policy.identity import HeaderTokens, ProxyTokens
from tollway.policy.key_file import Owners
from tollway.policy.schema import Policy
from tollway.sources import AUTHORIZATION, Addresses, Answer, GivenKeys, Hints, KnownKeys, Shown, no_keys

NOBODYS: Owners = {}

type Ask = Callable[[Shown], Answer | None]
"""One source, or several in one place; None: it has nothing to say."""


class Callers:
    """Knows callers by one policy at a time."""

    def __init__(
        self,
        now: Callable[[], float],
        find: Callable[[bytes], VirtualKey | None] = lambda digest: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now`: seconds since the epoch; `find`: a key that was given out, by its digest; `monotonic`:
        seconds that only go forward."""
        self._now = now
        self._find = find
        self._monotonic = monotonic
        self._asks: Sequence[Ask] = ()
        self._keeping: dict[tuple[str, str | None], tuple[Keeping, asyncio.Task[None]]] = {}
        self.headers: frozenset[str] = frozenset()
        """Those in which tokens stand: they go no further than here."""
        self.reads: frozenset[str] = frozenset()
        """All that sources look at."""
        self.challenges = False
        """Whether a client that shows the proxy nothing is asked for a token."""
        self.refuses = False
        """Whether nobody may call whom no source knows."""

    def swap(self, policy: Policy, owners: Owners = NOBODYS) -> None:
        """Go by another policy from now on. Keys of issuers that it names, too, are kept.

        `owners`: what the files of its `api_keys` say.
        """
        proxies = [one.proxy_jwt for one in policy.identity if one.proxy_jwt is not None]
        headers = [one.header_jwt for one in policy.identity if one.header_jwt is not None]
        said: list[ProxyTokens | HeaderTokens] = [*proxies, *headers]
        known = [_tokens(one, policy) for one in said]
        self._keep(known)
        self.headers = frozenset(one.header for one in headers)
        self.refuses = bool(policy.identity) and policy.anonymous == "refuse"
        only = len(policy.identity) == len(proxies) > 0
        self.challenges = (only and self.refuses) or any(one.challenge for one in proxies)
        hints = any(one.provider_token is not None for one in policy.identity)
        self.reads = self.headers | {AUTHORIZATION} if hints else self.headers
        self._asks = tuple(self._ordered(policy, known, owners))

    def _ordered(self, policy: Policy, known: Sequence[Tokens], owners: Owners) -> list[Ask]:
        """In the policy's order; all tokens of one place are asked for where the first of them stands."""
        asks: dict[object, Ask] = {}
        for number, source in enumerate(policy.identity):
            if source.networks is not None:
                asks[number] = Addresses(source.networks)
            elif source.virtual_keys is not None:
                asks[GivenKeys] = GivenKeys(self._find, self._now)
            elif source.api_keys is not None:
                asks[number] = KnownKeys(owners[str(Path(source.api_keys.file))])
            elif source.provider_token is not None:
                asks[number] = Hints(source.provider_token.claims, source.provider_token.issuer)
            else:
                header = source.header_jwt.header if source.header_jwt is not None else None
                place = [each for each in known if each.header == header]
                asks.setdefault((Tokens, header), partial(self._token, header, place, Remembered()))
        return [*asks.values(), *([no_keys] if GivenKeys not in asks else [])]

    def who(self, shown: Shown) -> Answer | None:
        """Who it is by the first source that knows it for sure, or refuses what is shown; else by the first
        hint; None: no source knows."""
        hint = None
        for ask in self._asks:
            answer = ask(shown)
            if answer is not None and (not isinstance(answer, Known) or answer.identity.verified):
                return answer
            hint = hint or answer
        return hint

    async def who_now(self, shown: Shown, missing: Missing) -> Answer | None:
        """The same, after a look whether a key that was missing has been published since.

        While its issuer is down, nobody can tell: a key that is still missing may be a new one.
        """
        kept = self._keeping.get(_place(missing.source)) if missing.source is not None else None
        if kept is not None:  # else the policy has changed since, and names the issuer no more
            await kept[0].renewed(missing.kid)
        answer = self.who(shown)
        if isinstance(answer, Missing) and kept is not None and kept[0].is_down:
            return replace(answer, why=NO_KEYS, no_keys=True)
        return answer

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
        return replace(answer, of_proxy=header is None)

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


def _place(source: Tokens) -> tuple[str, str | None]:
    """What keys are kept by."""
    return source.issuer.issuer, source.jwks


def _tokens(said: ProxyTokens | HeaderTokens, policy: Policy) -> Tokens:
    return Tokens(
        issuer=Issuer(issuer=said.issuer, audiences=said.audience, algorithms=said.algorithms),
        jwks=said.jwks,
        names=policy.claims if said.claims is None else said.claims,
        header=said.header if isinstance(said, HeaderTokens) else None,
    )
