"""Whose key a provider gets for a call: the policy's `credentials`, made ready for calls."""

from collections.abc import Callable, Mapping, Sequence

from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.credentials import Credential
from tollway.policy.pattern import tester

type Attributes = Callable[[], Mapping[str, Value]]
"""Of a call; asked for only where an entry goes by them."""
Tests = Sequence[tuple[str, Callable[[Value], bool]]]


class WhoseKey:
    """The entries of one policy."""

    def __init__(self, credentials: Mapping[str, Sequence[Credential]]) -> None:
        self._entries = {
            provider: [(entry, _tests(entry)) for entry in entries]
            for provider, entries in credentials.items()
            if any(entry.inject is not None for entry in entries)
        }

    @property
    def places(self) -> frozenset[str]:
        """Where all the keys are."""
        return frozenset(
            entry.inject
            for entries in self._entries.values()
            for entry, _ in entries
            if entry.inject is not None
        )

    def may_be_ours(self, provider: str) -> bool:
        """Whether some call to the provider gets a key of the operator's."""
        return provider in self._entries

    def of(self, provider: str, attributes: Attributes) -> Credential | None:
        """The entry that says which key of the operator's is put; None: the caller's own goes on."""
        for entry, tests in self._entries.get(provider, ()):
            if not tests or _meets(tests, attributes()):
                return entry if entry.inject is not None else None
        return None


def _tests(entry: Credential) -> Tests:
    tests = [(name, tester(name, condition)) for name, condition in entry.match.items()]
    return tests if entry.inject is None else [(name, sure(meets)) for name, meets in tests]


def sure(meets: Callable[[Value], bool]) -> Callable[[Value], bool]:
    """Groups that nobody knows get nobody a right."""
    return lambda value: value != UNKNOWN_GROUPS and meets(value)


def _meets(tests: Tests, attributes: Mapping[str, Value]) -> bool:
    return all(meets(attributes.get(name)) for name, meets in tests)
