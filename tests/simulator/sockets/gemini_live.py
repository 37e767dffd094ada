"""Gemini Live (BidiGenerateContent), the Gemini API's and Vertex's: turns, told by members, not by types."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, texts, thoughts
from tests.simulator.dialects.gemini_usage import usage_metadata
from tests.simulator.scenario import Scenario
from tests.simulator.sockets.realtime_openai import SOUND
from tests.simulator.sockets.session import Answer, Opening, Reply, Said, Say, Stop, Turn, inside
from tests.simulator.sockets.voice import Voice

NAMES = {"candidatesTokenCount": "responseTokenCount", "candidatesTokensDetails": "responseTokensDetails"}
"""What the Gemini API calls what Vertex does not."""
REFUSED, FAILED = 1008, 1011
"""Policy violation, internal error: Google's sockets know no error message, and close."""


class GeminiLive:
    """A `Session`."""

    binary = True

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._voice = Voice()
        self._last: Turn | None = None
        self._text_only = False

    def opened(self) -> Iterable[Reply]:
        """Nothing: the client speaks first."""
        return ()

    def hear(self, message: Said) -> Iterable[Reply]:
        """The set-up, a turn that is complete, a voice, what a tool answered."""
        if "setup" in message:
            modalities = _either(inside(message, "setup"), "generationConfig").get("responseModalities")
            self._text_only = modalities == ["TEXT"]
            yield Say(messages=[{"setupComplete": {}}])
            for _ in range(self._opening.scenario.socket.unasked):
                yield self._answer()
            return
        content, put_in = _either(message, "clientContent"), _either(message, "realtimeInput")
        turned = self._voice.take(inside(put_in, "audio").get("data")) if "audio" in put_in else None
        if turned == "started":
            yield from self._interrupt()
        is_complete = content.get("turnComplete", content.get("turn_complete")) is True
        answers = {"toolResponse", "tool_response"} & message.keys()
        if is_complete or turned == "stopped" or answers or {"text", "activityEnd"} & put_in.keys():
            yield from self._interrupt()
            heard = [{"serverContent": {"inputTranscription": {"text": " Hello"}}}] if turned else []
            yield self._answer(heard)

    def _answer(self, heard: Iterable[Said] = ()) -> Answer:
        turn = self._last = self._opening.turn()
        scenario = turn.scenario
        if scenario.status >= 400:
            return Answer(turn=turn, messages=(), closes=(REFUSED, scenario.message))
        broken = scenario.finish in ("failed", "error")
        messages = [*heard, *self._said(scenario, broken=broken)]
        return Answer(turn=turn, messages=messages, closes=(FAILED, scenario.message) if broken else None)

    def _said(self, scenario: Scenario, *, broken: bool) -> Iterator[Said]:
        for thought in thoughts(scenario):
            yield _content(modelTurn={"parts": [{"text": thought, "thought": True}]})
        said = texts(Asked(), scenario)
        for text in said[: len(said) // 2] if broken else said:
            if self._text_only:
                yield _content(modelTurn={"parts": [{"text": text}]})
                continue
            sound = {"mimeType": "audio/pcm;rate=24000", "data": SOUND}
            yield _content(modelTurn={"parts": [{"inlineData": sound}]})
            yield _content(outputTranscription={"text": text})
        if broken:
            return
        yield _content(generationComplete=True)
        searches = scenario.usage.web_searches if scenario.usage else None
        if searches is not None:
            queries = [f"simulated {i + 1}" for i in range(searches)]
            yield _content(groundingMetadata={"webSearchQueries": queries})
        yield self._complete(scenario)

    def _interrupt(self) -> Iterator[Reply]:
        """A voice, or a new turn, ends the one under way."""
        if self._last is not None and self._opening.busy(""):
            ended = [_content(interrupted=True), self._complete(self._last.scenario)]
            yield Stop(messages=ended, number=self._last.number)

    def _complete(self, scenario: Scenario) -> Said:
        metadata = usage_metadata(scenario.usage)
        if metadata is None:
            return _content(turnComplete=True)
        if not isinstance(metadata, orjson.Fragment) and "aiplatform" not in self._opening.path:
            metadata = {NAMES.get(name, name): count for name, count in metadata.items()}
        return {**_content(turnComplete=True), "usageMetadata": metadata}


def _content(**about: Any) -> dict[str, Any]:
    return {"serverContent": about}


def _either(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member by its name, or by that in Python's way of writing it."""
    other = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return inside(message, name if name in message else other)
