"""OpenAI's Responses on a socket: `response.create` is a request's body, its events are a stream's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.simulator.dialects import openai_responses
from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked
from tests.simulator.dialects.openai_error import error_object
from tests.simulator.dialects.openai_response_object import response
from tests.simulator.dialects.openai_responses_stream import events
from tests.simulator.scenario import Scenario
from tests.simulator.sockets.session import Answer, Opening, Reply, Said, Say, Stop, Turn
from tests.simulator.usage import Usage

UNDER_WAY = "resp_{:024d}"
PLAN = {"used_percent": 12.5, "window_minutes": 300, "reset_after_seconds": 600, "reset_at": CREATED + 600}
LIMITS = {
    "type": "codex.rate_limits", "plan_type": "plus", "code_review_rate_limits": None, "promo": None,
    "rate_limits": {"allowed": True, "limit_reached": False, "primary": PLAN, "secondary": None},
    "credits": {"has_credits": False, "unlimited": False, "balance": "0"},
}  # fmt: skip
"""What ChatGPT says of a plan."""
WARM = Scenario(events=0, usage=Usage(input_tokens=0, output_tokens=0, cache_write_tokens=None))
"""An answer to a call that only prepares the next one: `generate` is false."""


class Responses:
    """A `Session`. Lanes are the client's `stream_id`s; calls of one lane are answered one by one."""

    binary = False

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._calls: dict[str, tuple[Turn, Mapping[str, Any]]] = {}
        """By lane, the last one begun, and what asked for it."""

    def opened(self) -> Iterable[Reply]:
        """Nothing."""
        return ()

    def hear(self, message: Said) -> Iterable[Reply]:
        """A call, or a steer of one that is under way."""
        match message.get("type"):
            case "response.create":
                yield self._answer(message)
            case "response.steer":
                yield from self._steer(message)
            case kind:
                yield Say(messages=[_refused(f"Unknown event type: {str(kind)[:80]}.")])

    def _answer(self, asked: Mapping[str, Any]) -> Answer:
        turn, lane = self._opening.turn(), str(asked.get("stream_id") or "")
        if asked.get("generate") is False:
            turn = replace(turn, scenario=WARM)
        self._calls[lane] = turn, asked
        limits = [LIMITS] if self._opening.scenario.socket.limits else []
        return Answer(turn=turn, messages=[*_said(turn.scenario, asked), *limits], lane=lane)

    def _steer(self, message: Said) -> Iterator[Reply]:
        """What is under way ends early, and another answer goes on with it, unasked."""
        id = message.get("previous_response_id")
        found = [
            (lane, *call) for lane, call in self._calls.items() if UNDER_WAY.format(call[0].number) == id
        ]
        lane, turn, asked = next(iter(found), ("", None, {}))
        steer = {"id": "steer_" + NUMBER, "previous_response_id": id}
        if turn is None or not self._opening.busy(lane):
            error = {"code": "response_not_found", "message": "No such response is under way."}
            yield Say(messages=[{"type": "response.steer.failed", "steer": steer, "error": error}])
            return
        accepted = _marked({"type": "response.steer.accepted", "steer": steer, "sequence_number": 99}, asked)
        yield Say(messages=[accepted], number=turn.number)
        ended = response(_asked(asked), turn.scenario, "incomplete")
        ended["incomplete_details"] = {"reason": "steered"}
        steered = _marked({"type": "response.incomplete", "response": ended, "sequence_number": 100}, asked)
        yield Stop(messages=[steered], number=turn.number, lane=lane)
        yield self._answer({**asked, "previous_response_id": id})


def _said(scenario: Scenario, asked: Mapping[str, Any]) -> Iterator[Said]:
    status = scenario.status if scenario.status >= 400 else 500
    error = {"type": "error", "status": status, "error": error_object(scenario)}
    if scenario.status >= 400:
        yield _marked(error, asked)
        return
    for event in events(_asked(asked), scenario):
        yield _marked(error if event["type"] == "error" else event, asked)


def _asked(body: Mapping[str, Any]) -> Asked:
    return openai_responses.ask("", "", body)


def _marked(event: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """With what comes back of what was asked: lane, metadata, what it goes on with."""
    lane = {"stream_id": asked["stream_id"]} if asked.get("stream_id") else {}
    if "response" not in event:
        return {**event, **lane}
    back = {key: asked[key] for key in ("metadata", "previous_response_id", "instructions") if asked.get(key)}
    return {**event, "response": {**event["response"], **back}, **lane}


def _refused(message: str) -> Said:
    error = {"type": "invalid_request_error", "code": None, "message": message, "param": "type"}
    return {"type": "error", "status": 400, "error": error}
