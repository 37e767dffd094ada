"""The entries of `record`, ready for look-ups: whose texts are kept, and which headers may have secrets."""

from collections.abc import Mapping

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.policy.index import Index
from tollway.policy.record import RecordEntry
from tollway.policy.schema import Policy


class KeepRule(Struct, frozen=True, kw_only=True):
    """What is kept of a call."""

    name: str
    request: bool
    response: bool
    keep_us: int
    """From the call's start on."""
    largest: int
    """Bytes of one text."""


class Recording:
    """Those of one policy, which has some."""

    def __init__(self, policy: Policy) -> None:
        self._rules = tuple(_rule(place, entry) for place, entry in enumerate(policy.record))
        self._index = Index([entry.match for entry in policy.record])
        self.headers = _headers(policy)
        """Names, in small letters, of headers that the policy says tokens or keys stand in."""

    def rule(self, attributes: Mapping[str, Value]) -> KeepRule | None:
        """The first that matches a call; None: nothing of it is kept."""
        place = self.place(attributes)
        return self._rules[place] if place is not None else None

    def place(self, attributes: Mapping[str, Value]) -> int | None:
        """Where the first stands that matches a call."""
        return next(iter(self._index.find(attributes)), None)


def recording(policy: Policy) -> Recording | None:
    """What a policy says of texts; None: nothing, so that none is kept."""
    return Recording(policy) if policy.record else None


def _rule(place: int, entry: RecordEntry) -> KeepRule:
    return KeepRule(
        name=entry.name or f"record[{place}]",
        request=entry.in_ != "response",
        response=entry.in_ != "request",
        keep_us=entry.keep,
        largest=entry.max_size,
    )


def _headers(policy: Policy) -> frozenset[str]:
    shown = [source.header_jwt.header for source in policy.identity if source.header_jwt is not None]
    put = [
        entry.header
        for entries in policy.credentials.values()
        for entry in entries
        if entry.header is not None
    ]
    return frozenset(name.lower() for name in (*shown, *put))
