"""The answer to a request before it meets a connection: status, headers, pieces of the body."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

from tests.simulator.coding import accepts, encode
from tests.simulator.dialects.agents import other
from tests.simulator.dialects.dialect import NUMBER, Asked, numbered
from tests.simulator.form import fields
from tests.simulator.routes import DIALECTS, route
from tests.simulator.scenario import Scenario
from tests.simulator.seen import Seen

JSON, SSE = "application/json", "text/event-stream; charset=utf-8"
STREAMS = {"array": JSON, "aws": "application/vnd.amazon.eventstream", "lines": "application/x-ndjson"}
"""The content type of a stream whose shape begins so; of others, SSE."""
WHOLES = {"sound": "audio/mpeg", "plain": "text/plain; charset=utf-8"}
"""The content type of an answer of this shape that is no stream; of others, JSON."""
KEPT_OPEN = b": keep-alive\n\n"
FILLER = bytes(range(32, 96)) * 1024
"""A piece of a `fill` body: 64 KB."""
SHOWN = re.compile(r".*/responses/[^/]+")
"""Answers that are shown again: the scenario has them."""
NO_SOCKETS = b'{"error":{"message":"No WebSocket here.","type":"invalid_request_error","code":null}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be written."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Framing (content-length and the like) apart."""
    pieces: Iterable[bytes]
    """The body: an event of a stream each, or all of a JSON answer."""
    stream: bool = False
    size: int | None = None
    """The true number of body bytes, where it is known beforehand."""


def answer_to(seen: Seen, scenario: Scenario) -> Answer:
    """The whole answer, content coding included. Of the request's body its JSON or its form is looked at."""
    if (seen.header("upgrade") or "").lower() == "websocket":
        return _whole(404 if scenario.websocket == 101 else scenario.websocket, NO_SOCKETS)
    name = route(seen.method, seen.path)
    made = _other(seen, scenario) if name is None else _inference(seen, scenario, name)
    made = _coded(seen, scenario, _numbered(seen, scenario, _replaced(scenario, made)))
    return _changed(scenario, made)


def answered(
    seen: Seen, scenario: Scenario, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """The whole answer of this status and body, with these headers besides."""
    made = _whole(status, body)
    return _changed(scenario, _coded(seen, scenario, replace(made, headers=made.headers + headers)))


def _inference(seen: Seen, scenario: Scenario, name: str) -> Answer:
    body = _fields(seen)
    asked = DIALECTS[name].ask(seen.path, seen.query, body or {})
    seen.dialect, seen.model = name, asked.model
    if body is None and scenario.status == 200 and not scenario.early:
        scenario = replace(scenario, status=400, message="The request's body is no JSON object, and no form.")
    return _said(name, asked, scenario)


def _fields(seen: Seen) -> Mapping[str, Any] | None:
    """The body's members or fields; none of one too long to be kept, None where it is neither."""
    if not seen.body.whole:
        return {}
    kind = seen.header("content-type") or ""
    try:
        body = fields(seen.decoded, kind) if kind.startswith("multipart/form-data") else seen.json
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


@lru_cache(maxsize=512)
def _said(name: str, asked: Asked, scenario: Scenario) -> Answer:
    """A dialect's answer with `NUMBER` in it: made once, sent many times."""
    dialect = DIALECTS[name]
    if scenario.status >= 400:
        made = _whole(scenario.status, dialect.error(asked, scenario))
    elif asked.stream:
        kind = STREAMS.get(asked.shape.partition(".")[0], SSE)
        pieces = tuple(dialect.events(asked, scenario))
        if scenario.comments and kind == SSE:
            pieces = tuple([KEPT_OPEN + piece for piece in pieces])
        made = Answer(status=scenario.status, headers=(("content-type", kind),), pieces=pieces, stream=True)
    else:
        made = _whole(scenario.status, dialect.whole(asked, scenario), WHOLES.get(asked.shape, JSON))
    return replace(made, headers=made.headers + dialect.headers(asked))


def _other(seen: Seen, scenario: Scenario) -> Answer:
    status, body = other(seen.host, seen.path)
    if scenario.body is not None and SHOWN.fullmatch(seen.path):
        status = 200
    return _whole(status if scenario.status == 200 else scenario.status, body)


def _whole(status: int, body: bytes, kind: str = JSON) -> Answer:
    return Answer(status=status, headers=(("content-type", kind),), pieces=(body,), size=len(body))


def _replaced(scenario: Scenario, made: Answer) -> Answer:
    """With the scenario's own body, if it has one."""
    if scenario.fill:
        pieces = chain(repeat(FILLER, scenario.fill // len(FILLER)), (FILLER[: scenario.fill % len(FILLER)],))
        return replace(made, pieces=pieces, size=scenario.fill, stream=False)
    if scenario.body is not None:
        size = None if made.stream else len(scenario.body)
        return replace(made, pieces=(scenario.body,), size=size)
    return made


def _numbered(seen: Seen, scenario: Scenario, made: Answer) -> Answer:
    """With the call's number in its ids. It is as long as what it replaces."""
    number = seen.number if scenario.number is None else scenario.number
    digits = f"{number:024d}"
    headers = tuple([(name, value.replace(NUMBER, digits)) for name, value in made.headers])
    if scenario.fill:
        return replace(made, headers=headers)
    return replace(made, headers=headers, pieces=[numbered(piece, number) for piece in made.pieces])


def _coded(seen: Seen, scenario: Scenario, made: Answer) -> Answer:
    """In the scenario's content coding, if the request accepts it."""
    coding = scenario.coding
    if not coding or not (scenario.coding_unasked or accepts(seen.header("accept-encoding"), coding)):
        return made
    headers = (*made.headers, ("content-encoding", coding))
    if made.stream or scenario.fill:
        return replace(made, headers=headers, pieces=encode(made.pieces, coding), size=None)
    body = b"".join(encode(made.pieces, coding))
    return replace(made, headers=headers, pieces=(body,), size=len(body))


def _changed(scenario: Scenario, made: Answer) -> Answer:
    """With the scenario's additions to the headers, and its lies in them."""
    headers = made.headers + scenario.headers
    lies = (("content-type", scenario.content_type), ("content-encoding", scenario.content_encoding))
    for name, value in lies:
        if value is not None:
            headers = tuple(pair for pair in headers if pair[0] != name) + (((name, value),) if value else ())
    return made if headers == made.headers else replace(made, headers=headers)
