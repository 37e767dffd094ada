"""The events of a streamed response, in the order in which OpenAI sends them."""

from collections.abc import Iterator
from typing import Any

from tests.simulator.dialects.dialect import NUMBER, Asked, sse, texts, thoughts
from tests.simulator.dialects.openai_response_object import (
    MESSAGE,
    message,
    part,
    reasoning,
    response,
    search,
)
from tests.simulator.scenario import Scenario

type Event = tuple[str, dict[str, Any]]


def all_events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """All events, as a stream has them."""
    return [sse(event, event["type"]) for event in events(asked, scenario)]


def events(asked: Asked, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """All events, numbered."""
    for i, (kind, fields) in enumerate(_events(asked, scenario)):
        yield {"type": kind, **fields, "sequence_number": i}


def _events(asked: Asked, scenario: Scenario) -> Iterator[Event]:
    started = response(asked, scenario, "in_progress")
    yield "response.created", {"response": started}
    yield "response.in_progress", {"response": started}
    index = 0
    for item in _before(scenario):
        yield from item(index)
        index += 1
    yield from _message(asked, scenario, index)
    if scenario.finish == "error":
        yield "error", {"code": "server_error", "message": scenario.message, "param": None}
        return
    status = {"length": "incomplete", "failed": "failed"}.get(scenario.finish, "completed")
    yield f"response.{status}", {"response": response(asked, scenario, status)}


def _before(scenario: Scenario) -> list[Any]:
    """What comes before the message: a function of the output index for each item."""
    items: list[Any] = [lambda index: _reasoning(scenario, index)] if scenario.thinking else []
    searches = scenario.usage.count("web_searches") if scenario.usage else 0
    items += [lambda index, i=i: _search(i, index) for i in range(searches)]
    return items


def _reasoning(scenario: Scenario, index: int) -> Iterator[Event]:
    where = {"item_id": "rs_" + NUMBER, "output_index": index, "summary_index": 0}
    whole = {"type": "summary_text", "text": "".join(thoughts(scenario))}
    yield "response.output_item.added", {"item": reasoning(scenario, done=False), "output_index": index}
    yield "response.reasoning_summary_part.added", {**where, "part": {"type": "summary_text", "text": ""}}
    for text in thoughts(scenario):
        yield "response.reasoning_summary_text.delta", {**where, "delta": text}
    yield "response.reasoning_summary_text.done", {**where, "text": whole["text"]}
    yield "response.reasoning_summary_part.done", {**where, "part": whole}
    yield "response.output_item.done", {"item": reasoning(scenario), "output_index": index}


def _search(i: int, index: int) -> Iterator[Event]:
    where = {"item_id": search(i)["id"], "output_index": index}
    yield "response.output_item.added", {"item": search(i, done=False), "output_index": index}
    yield "response.web_search_call.in_progress", where
    yield "response.web_search_call.searching", where
    yield "response.web_search_call.completed", where
    yield "response.output_item.done", {"item": search(i), "output_index": index}


def _message(asked: Asked, scenario: Scenario, index: int) -> Iterator[Event]:
    where = {"item_id": MESSAGE, "output_index": index, "content_index": 0}
    yield "response.output_item.added", {"item": message(asked, scenario, done=False), "output_index": index}
    yield "response.content_part.added", {**where, "part": part("")}
    said = texts(asked, scenario)
    broken = scenario.finish in ("failed", "error")
    for text in said[: len(said) // 2] if broken else said:
        yield "response.output_text.delta", {**where, "delta": text, "logprobs": []}
    if broken:
        return
    yield "response.output_text.done", {**where, "text": "".join(said), "logprobs": []}
    yield "response.content_part.done", {**where, "part": part("".join(said))}
    yield "response.output_item.done", {"item": message(asked, scenario), "output_index": index}
