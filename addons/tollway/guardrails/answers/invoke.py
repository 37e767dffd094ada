"""Bedrock's InvokeModel: a model's own format, known by what its first message has."""

from collections.abc import Iterable
from typing import Any

from tollway.guardrails.answers.anthropic import Anthropic
from tollway.guardrails.answers.chat import Chat
from tollway.guardrails.answers.converse import Converse
from tollway.guardrails.answers.plain import Plain
from tollway.guardrails.answers.said import Ended, Message, Path, Reading, Said

_CONVERSE = ("messageStart", "contentBlockStart", "contentBlockDelta", "output")
_ANTHROPIC = ("type", "content")


class Invoke:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._model: Reading | None = None

    def read(self, message: Message) -> Iterable[Said | Ended]:
        """What the message says in the model's format."""
        self._model = self._model or _model(message)
        return self._model.read(message)

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A message of the model's format."""
        return self._known.more(message, said, text)

    def tokens(self, path: Path) -> tuple[Path, object] | None:
        """Where the model's format has them."""
        return self._known.tokens(path)

    def stopped(self, message: Message) -> dict[Path, object]:
        """What changes in the model's format."""
        return self._known.stopped(message)

    def closing(self) -> list[dict[str, Any]]:
        """The model's own end."""
        return self._known.closing()

    @property
    def _known(self) -> Reading:
        """That of what was read before."""
        assert self._model is not None
        return self._model


def _model(message: Message) -> Reading:
    if "choices" in message:
        return Chat()
    if any(name in message for name in _CONVERSE):
        return Converse()
    return Anthropic() if any(name in message for name in _ANTHROPIC) else Plain()
