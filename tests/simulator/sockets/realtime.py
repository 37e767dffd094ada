"""OpenAI's Realtime and what is like it: who falls silent is answered unasked, and is written down."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs

from tests.simulator.dialects.openai_error import error_object
from tests.simulator.scenario import Scenario
from tests.simulator.sockets.session import Answer, Opening, Reply, Said, Say, Stop, Turn, inside
from tests.simulator.sockets.voice import Voice

OUT_OF_BAND = "out of band "
"""How the lanes of calls begin that are no part of the conversation: any number may be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a response depends on."""

    text_only: bool
    maximum: object
    metadata: object
    scenario: Scenario


class Form(Protocol):
    """What OpenAI's and xAI's differ in: a module."""

    def session(self, model: str) -> dict[str, Any]:
        """The session as it begins."""

    def begins(self, session: Said) -> Iterable[Said]:
        """What is said first."""

    def item(self, item: Mapping[str, Any]) -> Iterable[Said]:
        """What is said of an item that the client, or its voice, added."""

    def written(self, model: str, seconds: int, scenario: Scenario) -> Iterable[Said]:
        """What was spoken, written down by this model."""

    def answer(self, spoken: Spoken, written: Iterable[Said]) -> Iterator[Said]:
        """A response, begin to end; `written` goes to where the provider sends it."""

    def cancelled(self, spoken: Spoken, why: str) -> Said:
        """The end of one that was cancelled: turn_detected or client_cancelled."""


class Realtime:
    """A `Session`."""

    binary = False

    def __init__(self, opening: Opening, form: Form) -> None:
        self._opening, self._form = opening, form
        model = parse_qs(opening.query).get("model", ["gpt-realtime-simulated"])[0]
        self._session = form.session(opening.scenario.model or model)
        self._voice = Voice()
        self._items = 0
        self._last: tuple[Turn, Spoken] | None = None
        """The conversation's newest call."""
        self._hears: dict[str, Callable[[Said], Iterable[Reply]]] = {
            "session.update": self._update,
            "input_audio_buffer.append": self._append,
            "input_audio_buffer.commit": self._commit,
            "conversation.item.create": self._item,
            "response.create": self._create,
            "response.cancel": lambda _: self._cancel("client_cancelled"),
        }

    def opened(self) -> Iterable[Reply]:
        """The session, and the calls that the server begins by itself."""
        yield self._say(*self._form.begins(self._session))
        for _ in range(self._opening.scenario.socket.unasked):
            yield self._answer({})

    def hear(self, message: Said) -> Iterable[Reply]:
        """What follows; of what is not known, an error."""
        kind = message.get("type")
        hears = self._hears.get(str(kind))
        if hears is None:
            return [self._error(message, "invalid_value", f"Invalid value: '{str(kind)[:80]}'.")]
        return hears(message)

    def _update(self, message: Said) -> Iterable[Reply]:
        self._session = _merged(self._session, inside(message, "session"))
        yield self._say({"type": "session.updated", "session": self._session})

    def _append(self, message: Said) -> Iterable[Reply]:
        turned = self._voice.take(message.get("audio"))
        detection = self._detection()
        if turned is None or detection is None:
            return
        yield self._say({"type": f"input_audio_buffer.speech_{turned}", "item_id": self._id()})
        if turned == "started" and detection.get("interrupt_response") is not False:
            yield from self._cancel("turn_detected")
        if turned == "stopped":
            yield self._heard()
            if detection.get("create_response") is not False:
                yield self._answer({}, self._written())
            else:
                yield self._say(*self._written())

    def _commit(self, message: Said) -> Iterable[Reply]:
        yield self._heard()
        yield self._say(*self._written())

    def _item(self, message: Said) -> Iterable[Reply]:
        self._items += 1
        item = {"id": self._id(), "object": "realtime.item", "status": "completed", **inside(message, "item")}
        yield self._say(*self._form.item(item))

    def _create(self, message: Said) -> Iterable[Reply]:
        asked = inside(message, "response")
        if asked.get("conversation") != "none" and self._opening.busy(""):
            yield self._error(
                message,
                "conversation_already_has_active_response",
                "Conversation already has an active response in progress. Wait until it is finished.",
            )
            return
        yield self._answer(asked, about=message)

    def _answer(
        self, asked: Mapping[str, Any], written: Iterable[Said] = (), about: Said | None = None
    ) -> Answer:
        turn = self._opening.turn()
        scenario = turn.scenario
        modalities = asked.get("output_modalities") or self._session.get("output_modalities") or ["audio"]
        spoken = Spoken(
            text_only=modalities == ["text"],
            maximum=asked.get("max_output_tokens", self._session.get("max_output_tokens", "inf")),
            metadata=asked.get("metadata"),
            scenario=scenario,
        )
        lane = f"{OUT_OF_BAND}{turn.number}" if asked.get("conversation") == "none" else ""
        if not lane:
            self._last = turn, spoken
        if scenario.status >= 400:
            error = {**error_object(scenario), "event_id": (about or {}).get("event_id")}
            return Answer(turn=turn, messages=[{"type": "error", "error": error}], lane=lane)
        return Answer(turn=turn, messages=self._form.answer(spoken, written), lane=lane)

    def _cancel(self, why: str) -> Iterable[Reply]:
        if self._last is not None and self._opening.busy(""):
            turn, spoken = self._last
            yield Stop(messages=[self._form.cancelled(spoken, why)], number=turn.number)

    def _heard(self) -> Say:
        """The sound so far is an item."""
        id = self._id()
        self._items += 1
        content = [{"type": "input_audio", "transcript": None}]
        item = {"id": id, "type": "message", "status": "completed", "role": "user", "content": content}
        committed = {"type": "input_audio_buffer.committed", "previous_item_id": None, "item_id": id}
        return self._say(committed, *self._form.item(item))

    def _written(self) -> list[Said]:
        new = inside(self._session, "audio", "input", "transcription").get("model")
        model = new or inside(self._session, "input_audio_transcription").get("model")
        scenario = self._opening.scenario
        if not isinstance(model, str):
            return []
        about = {"item_id": f"item_in_{self._items - 1}", "content_index": 0}
        return [{**one, **about} for one in self._form.written(model, scenario.socket.seconds, scenario)]

    def _detection(self) -> Mapping[str, Any] | None:
        """How voices are told from silence; None: they are not."""
        there = inside(self._session, "audio", "input")
        found = inside(there if "turn_detection" in there else self._session, "turn_detection")
        return found if found.get("type") else None

    def _error(self, message: Said, code: str, text: str) -> Say:
        error = {"type": "invalid_request_error", "code": code, "message": text, "param": None}
        return self._say({"type": "error", "error": {**error, "event_id": message.get("event_id")}})

    def _say(self, *messages: Said) -> Say:
        return Say(messages=messages, number=self._opening.number * 1000)

    def _id(self) -> str:
        return f"item_in_{self._items}"


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old object with the new one's members, object by object."""
    return {
        **old,
        **{
            key: _merged(old[key], value)
            if isinstance(value, Mapping) and isinstance(old.get(key), Mapping)
            else value
            for key, value in new.items()
        },
    }
