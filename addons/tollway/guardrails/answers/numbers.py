"""The numbers of a stream's messages, which go on by one though messages are put between them."""

from typing import Any

from tollway.guardrails.answers.said import Message, Path


class Numbers:
    """Of one stream."""

    def __init__(self, name: str) -> None:
        """`name`: the member that has a message's number; empty: none has."""
        self._name = name
        self._added = self._next = 0

    def put(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message that is put between, numbered where its like are."""
        if self._name in message:
            message[self._name] = self._next
            self._next += 1
            self._added += 1
        return message

    def changes(self, message: Message) -> dict[Path, object]:
        """What changes of the number of the next message of the stream's own."""
        number = message.get(self._name)
        if type(number) is not int:
            return {}
        self._next = number + self._added + 1
        return {(self._name,): number + self._added} if self._added else {}
