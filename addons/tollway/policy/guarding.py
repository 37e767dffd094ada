"""The entries of `guardrails`, ready for look-ups: which are about a call, and what is to be looked for."""

from collections.abc import Mapping, Sequence

from tollway.budget.attributes import attributes, vouched
from tollway.guardrails import kinds
from tollway.guardrails.allowed import allowed, hashed
from tollway.guardrails.found import Family
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.segments import SURE
from tollway.guardrails.spot import Known
from tollway.guardrails.words import Own, spellings
from tollway.model import CallRecord
from tollway.policy.guardrails import GuardrailEntry
from tollway.policy.index import Index


def families(entries: Sequence[GuardrailEntry]) -> frozenset[Family]:
    """Those that these look for."""
    return kinds.families(name for entry in entries for name in entry.find)


class Guarding:
    """Those of one policy, which has some."""

    def __init__(self, entries: Sequence[GuardrailEntry], key: bytes) -> None:
        """`key`: of the hashes by which values are known."""
        self.rules = tuple(_rule(place, entry) for place, entry in enumerate(entries))
        self._index = Index([entry.match for entry in entries])
        self.whoever_calls = not any(entry.match for entry in entries)
        """All of them are about every call."""
        self._key = key
        self._allow = tuple(
            (place, allowed(entry.allow)) for place, entry in enumerate(entries) if entry.allow
        )
        self.families = families(entries)
        """What detectors are needed for."""
        self.own = tuple(
            Own(_kind(entry), entry.words, entry.patterns)
            for entry in entries
            if entry.words or entry.patterns
        )
        """The policy's own kinds."""

    def about(self, call: CallRecord) -> tuple[Rule, ...]:
        """The rules for a call, in their order: by what its caller says, and by what somebody vouches for.
        Who says to be somebody else is not rid of a rule."""
        places = set(self._index.find(attributes(call)))
        if not call.verified:
            places.update(self._index.find(vouched(call)))
        return tuple([self.rules[place] for place in sorted(places)])

    def know(self, kind: str, value: str) -> Known:
        """What is kept of a value, whatever its kind."""
        mark = hashed(self._key, value)
        return Known(mark, frozenset([place for place, passes in self._allow if passes(value, mark)]))


def _kind(entry: GuardrailEntry) -> str:
    assert entry.name is not None
    return entry.name


def _rule(place: int, entry: GuardrailEntry) -> Rule:
    own = {_kind(entry)} if entry.words or entry.patterns else set[str]()
    request = entry.in_ != "response"
    return Rule(
        number=place,
        name=entry.name or f"guardrails[{place}]",
        finds=frozenset({*entry.find, *own}),
        certain=Do[entry.do.upper()],
        generic=Do[entry.generic.upper()],
        least=1 if isinstance(entry.at_least, dict) else entry.at_least,
        least_of=entry.at_least if isinstance(entry.at_least, dict) else {},
        unscanned=_UNSCANNED[entry.unscanned] if request else Do.IGNORE,
        reach=SURE
        if entry.patterns
        else max((len(w) for word in entry.words for w in spellings(word)), default=0),
        request=request,
        response=entry.in_ != "request",
        restore=entry.restore,
        never_into=entry.never_into,
        shadow=entry.shadow,
    )


_UNSCANNED: Mapping[str, Do] = {"pass": Do.IGNORE, "flag": Do.FLAG, "block": Do.BLOCK}
