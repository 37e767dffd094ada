"""Messages of sockets, made for tests, and what a reader tells of them."""

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from tollway.model import Endpoint, Kind
from tollway.sockets import SESSIONS
from tollway.sockets.events import Begun, Ended, Event, Settings
from tollway.sockets.session import Session

Message = tuple[bool, bytes]
"""Whether the client sends it, and its content."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def sent(**said: Any) -> Message:
    """From the client."""
    return True, json.dumps(said).encode()


def received(**said: Any) -> Message:
    """From the provider."""
    return False, json.dumps(said).encode()


def create(**said: Any) -> Message:
    return sent(type="response.create", **said)


def created(id: str, stream_id: str | None = None, **said: Any) -> Message:
    lane = {} if stream_id is None else {"stream_id": stream_id}
    return received(type="response.created", response={"id": id, "status": "in_progress", **said}, **lane)


def ended(id: str, kind: str = "response.done", **said: Any) -> Message:
    return received(type=kind, response={"id": id, **said})


def delta(text: str, kind: str = "response.output_text.delta", **said: Any) -> Message:
    return received(type=kind, delta=text, **said)


def socket(name: str, model: str | None = "m") -> Session:
    """A reader of such a socket."""
    operation = "chat" if name == "openai_responses" else "realtime"
    dialect = "openai_responses" if name == "openai_responses" else ""
    endpoint = Endpoint(
        kind=Kind.INFERENCE, provider="openai", host="api.openai.com", operation=operation, dialect=dialect,
        socket=name,
    )  # fmt: skip
    return SESSIONS[name](endpoint, Settings(model=model))


def fed(session: Session, messages: Iterable[Message], start: int = 0) -> list[Event]:
    """All that the messages tell; the moments are their numbers."""
    events: list[Event] = []
    for at, (from_client, content) in enumerate(messages, start):
        events += session.feed(content, from_client=from_client, at=at)
    return events


def begins(events: Iterable[Event]) -> list[Begun]:
    return [event for event in events if isinstance(event, Begun)]


def ends(events: Iterable[Event]) -> list[Ended]:
    return [event for event in events if isinstance(event, Ended)]


def used(event: Ended) -> dict[str, int]:
    return event.report.usage.known() if event.report.usage else {}
