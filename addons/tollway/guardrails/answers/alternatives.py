"""The answers of which a call may ask for several: choices, candidates. Each ends by itself."""

from collections.abc import Callable, Iterator

from tollway.guardrails.answers.members import index, objects
from tollway.guardrails.answers.said import Ended, Message, Said

Read = Callable[[Message, int, int], Iterator[Said | Ended]]
"""What one says: of it, its number, and its place in its list."""


class Alternatives:
    """Those of one answer, as they come."""

    def __init__(self, name: str, reason: str) -> None:
        """`name`: of the list that they are in; `reason`: of the member of each that says why it ended."""
        self._name, self._reason = name, reason
        self._seen = dict[int, bool]()  # by number, whether it ended

    def read(self, message: Message, read: Read) -> Iterator[Said | Ended]:
        """What they say, in their order."""
        for place, one in objects(message, self._name):
            number = index(one, otherwise=place)
            yield from read(one, number, place)
            finished = bool(one.get(self._reason))
            self._seen[number] = self._seen.get(number, False) or finished
            if finished:
                yield Ended((number,))

    def ended(self, message: Message) -> list[int]:
        """The places of those that end with this message."""
        return [place for place, one in objects(message, self._name) if one.get(self._reason)]

    @property
    def open(self) -> list[int]:
        """The numbers of those that have not ended."""
        return [number for number, ended in self._seen.items() if not ended]
