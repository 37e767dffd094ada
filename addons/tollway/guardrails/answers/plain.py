"""Answers that are a text and little else, as models on Bedrock have them: Llama's, Titan's, Mistral's."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.json_message import at
from tollway.guardrails.answers.members import name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said

_TEXTS = ("generation", "outputText", "completion", "text")
_LISTS = ("outputs", "results", "generations")
_REASONS = ("stop_reason", "completionReason", "finish_reason")
_STOPPED = "content_filtered"


class Plain:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._last: Path = ()  # where the last text stood
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """Its text, or texts."""
        for path, owner in _owners(message):
            for name in _TEXTS:
                if name in owner:
                    self._last = (*path, name)
                if text := name_of(owner, name):
                    yield Said((0, *path[1:], name), What.TEXT, (*path, name), text)
        if self.stopped(message):
            self._over = True
            yield Ended()

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A message with this text alone."""
        return _alone(said.path, text)

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """What has a reason for its end."""
        paths = [(*path, name) for path, _ in _owners(message) for name in _REASONS]
        return {path: _STOPPED for path in paths if at(message, path)}

    def closing(self) -> list[dict[str, Any]]:
        """A message without a text, and with a reason for its end."""
        return [] if self._over else [_alone(self._last, "", stop_reason=_STOPPED)]


def _owners(message: Message) -> Iterator[tuple[Path, Message]]:
    yield (), message
    for name in _LISTS:
        yield from (((name, n), one) for n, one in objects(message, name))


def _alone(path: Path, text: str, **more: Any) -> dict[str, Any]:
    said = {str(path[-1]): text, **more}
    return said if len(path) == 1 else {str(path[0]): [said]}
