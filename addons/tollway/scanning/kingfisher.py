"""MongoDB's Kingfisher, in this process: some 490 shapes of vendors. It asks nobody whether a key is live."""

import os
from collections.abc import Iterator

import kingfisher_sdk

from tollway import paths
from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.bounded import bounded
from tollway.guardrails.secrets.encoded import is_chance
from tollway.guardrails.secrets.holding import armoured_key
from tollway.guardrails.secrets.offsets import characters, matched
from tollway.guardrails.secrets.pack import Pack
from tollway.guardrails.secrets.placeholder import is_placeholder
from tollway.guardrails.secrets.secret_engine import SecretEngine
from tollway.scanning.kinds import kinds

_TIER = {True: Tier.CERTAIN, False: Tier.GENERIC}
"""Of what it shows in reports, and of what it keeps for want of a companion: any forty characters after the
word `token` may be an AWS secret, and are one next to an id. A kind of our own rules is as sure as they say.
"""


def kingfisher() -> SecretEngine:
    """With our own rules beside it. Its compiled rules are kept in the data folder, or where
    KF_RULE_CACHE_DIR says; where neither can be written, each start compiles them, for some seconds.
    """
    folder = None if os.environ.get("KF_RULE_CACHE_DIR") else paths.data_dir() / "kingfisher"
    return Kingfisher(kingfisher_sdk.Rules(cache_dir=folder), load.pack())


class Kingfisher:
    """A SecretEngine: what it knows for certain, and what a pack of rules finds."""

    def __init__(self, rules: kingfisher_sdk.Rules, beside: Pack) -> None:
        self.name = f"Kingfisher {kingfisher_sdk.__version__} and {beside.name}"
        # Comments like `kingfisher:ignore` are the sender's word, and not honoured: no DetectionPolicy.
        self._scanner = kingfisher_sdk.Scanner(rules)
        self._beside = beside
        self._kinds = kinds()
        self._generic = {rule.kind for rule in load.rules() if rule.tier is Tier.GENERIC}
        self._ignored = {(rule.kind, value) for rule in load.rules() for value in rule.ignore}

    def scan(self, text: str) -> list[Found]:
        """The secrets of a text, in its order, none over another."""
        found = [*self._beside.every(text), *self._certain(text)]
        return bounded(disjoint(found), len(text))

    def _certain(self, text: str) -> Iterator[Found]:
        data = matched(text)
        seen = [one for one in self._scanner.scan(data) if self._counts(one)]
        if not seen:
            return
        spans = [(one.location["start_offset"], one.location["end_offset"]) for one in seen]
        places = characters(data, (offset for span in spans for offset in span))
        for one, (first, last) in zip(seen, spans, strict=True):
            start, end = places[first], places[last]
            if not is_chance(text, start, end):
                kind = self._kinds.of(one.rule_id)
                tier = Tier.GENERIC if kind in self._generic else _TIER[one.visible]
                yield Found(start=start, end=end, kind=kind, family=Family.SECRETS, tier=tier)

    def _counts(self, one: kingfisher_sdk.Finding) -> bool:
        kind, said = self._kinds.of(one.rule_id), one.secret
        if one.rule_id in self._kinds.passed_over:
            return False
        if kind == "private_key":
            return armoured_key(said)
        return not is_placeholder(said) and (kind, said.lower()) not in self._ignored
