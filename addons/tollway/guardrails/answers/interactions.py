"""Gemini's interactions: their events, step by step, and a whole one. Older ones call a step content."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.arguments import arguments, results
from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.json_message import at
from tollway.guardrails.answers.members import index, name_of, objects
from tollway.guardrails.answers.said import Ended, Message, Path, Said
from tollway.wire.counts import part

_STATUSES: tuple[Path, ...] = (("status",), ("interaction", "status"))
_STOPPED = "incomplete"
_OPENINGS = ("step", "content")
_LISTS = {"content": ("text", What.TEXT), "summary": ("thought", What.THINKING)}
"""Members of a step that list texts."""
_GOES_ON = frozenset({"interaction.created", "interaction.start", "interaction.status_update"})


class Interactions:
    """One answer."""

    mark = b""
    repeats = False
    number = ""

    def __init__(self) -> None:
        self._open = dict[int, str | None]()  # steps, and the tools that they call
        self._unit = "step"
        self._interaction: Message = {}
        self._over = False

    def read(self, message: Message) -> Iterator[Said | Ended]:
        """What an event, or an interaction, says."""
        kind, number = name_of(message, "event_type") or "", index(message)
        self._interaction = part(message, "interaction") or self._interaction
        unit, _, what = kind.partition(".")
        if unit in _OPENINGS:
            self._unit = unit
        if what == "stop":
            self._open.pop(number, None)
            yield Ended((number,))
        elif what == "start" and (step := part(message, self._unit)):
            self._open[number] = name_of(step)
            yield from _step(step, number, (self._unit,))
        elif delta := part(message, "delta"):
            yield from self._delta(delta, number)
        else:
            if "error" in message or not kind or (unit == "interaction" and kind not in _GOES_ON):
                self._over = True
                yield Ended()
            path: Path = ("interaction",) if "interaction" in message else ()
            yield from _whole(part(message, "interaction") if path else message, path)

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A delta."""
        number, kind = said.key[:2]
        delta: dict[str, Any] = {"type": "text", "text": text}
        if kind == "thought":
            delta = {"type": "thought_summary", "content": delta}
        elif kind == "arguments":
            delta = {"type": "arguments_delta", "arguments": text}
        return {"event_type": f"{self._unit}.delta", "index": number, "delta": delta}

    def tokens(self, path: Path) -> None:
        """There are none."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """One that is completed."""
        return {path: _STOPPED for path in _STATUSES if at(message, path) == "completed"}

    def closing(self) -> list[dict[str, Any]]:
        """The end of the steps, and of the interaction."""
        if self._over:
            return []
        stops = [{"event_type": f"{self._unit}.stop", "index": number} for number in self._open]
        interaction = {**self._interaction, "status": _STOPPED}
        name = "completed" if self._unit == "step" else "complete"
        return [*stops, {"event_type": f"interaction.{name}", "interaction": interaction}]

    def _delta(self, delta: Message, number: int) -> Iterator[Said | Ended]:
        path: Path = ("delta",)
        tool = self._open.setdefault(number, None)
        if text := name_of(delta, "text"):
            yield Said((number, "text"), What.TEXT, (*path, "text"), text)
        if text := name_of(part(delta, "content"), "text"):
            yield Said((number, "thought"), What.THINKING, (*path, "content", "text"), text)
        elif "signature" in delta:  # of what was thought before it
            yield Ended((number, "thought"))
        yield from _used(delta, number, path, name_of(delta) or tool)


def _whole(interaction: Message, path: Path) -> Iterator[Said]:
    """What its steps say. What was said piece by piece goes through filters of its own here."""
    for name in ("steps", "outputs"):
        for n, step in objects(interaction, name):
            for said in _step(step, n, (*path, name, n)):
                yield said._replace(whole=True)


def _step(step: Message, number: int, path: Path) -> Iterator[Said]:
    if text := name_of(step, "text"):
        yield Said((number, "text"), What.TEXT, (*path, "text"), text)
    for name, (kind, what) in _LISTS.items():
        for n, one in objects(step, name):
            if text := name_of(one, "text"):
                yield Said((number, kind), what, (*path, name, n, "text"), text)
    yield from _used(step, number, path, name_of(step))


def _used(step: Message, number: int, path: Path, tool: str | None) -> Iterator[Said]:
    """What a tool was given, and what one of the provider's said."""
    key: Key = (number, "arguments")
    yield from arguments(step.get("arguments"), key, (*path, "arguments"), tool)
    yield from results(step.get("result"), (number, "result"), (*path, "result"), tool)
