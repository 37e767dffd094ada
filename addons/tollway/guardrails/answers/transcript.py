"""What was heard in a sound, as OpenAI has it: as a whole with its segments and words, or piece by piece."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import strings
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.members import name_of
from tollway.guardrails.answers.said import Ended, Message, Path, Said

_TEXT: Key = (0, "text")
_DELTA = "transcript.text.delta"
_DONE = "transcript.text.done"


class Transcript:
    """One answer. What its words say one by one is said in its text, too."""

    mark = b"[DONE]"
    repeats = True
    number = ""

    def __init__(self) -> None:
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """Its pieces, or all its strings."""
        if message.get("type") == _DELTA:
            if text := name_of(message, "delta"):
                yield Said(_TEXT, What.TEXT, ("delta",), text)
            return
        self._over = self._over or message.get("type") in (None, _DONE)
        if self._over:
            yield Ended()
        for said in strings(message, (1,), ()):
            if said.path != ("type",):
                key = _TEXT if said.path == ("text",) else said.key
                yield said._replace(key=key, what=What.TEXT)

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A piece."""
        return {"type": _DELTA, "delta": text}

    def tokens(self, path: Path) -> tuple[Path, object]:
        """A piece's."""
        return ("logprobs",), []

    def stopped(self, message: Message) -> dict[Path, object]:
        """Nothing says how one ended."""
        return {}

    def closing(self) -> list[dict[str, Any]]:
        """The end, without the text."""
        return [] if self._over else [{"type": _DONE, "text": ""}]
