"""How a request changes to go to another place: address, headers and body."""

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

from tollway.identity.credential import secrets
from tollway.identity.injection import credential_header
from tollway.identity.signature import signed_headers
from tollway.model import Endpoint
from tollway.routing.adapt import Changes, adapted, dropped_betas
from tollway.routing.headers import (
    BETA,
    FRAMING,
    query_along,
    taken_along,
    without_betas,
    without_log_in,
)
from tollway.routing.place import Place
from tollway.translation.request import chat_request
from tollway.wire.edit import remove_member, replace_member, set_member

ANTHROPIC = "anthropic-"
"""How the headers of its format begin."""
KEPT = ""
"""What is no `None`."""
TRANSLATED = {"content-type": "application/json", "accept-encoding": "identity"}
"""What was translated is JSON; its answer is read anyway, and is not to be decoded for that."""


class Sent(Struct, frozen=True, kw_only=True):
    """A request as the client sent it."""

    path: str
    """With its query."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    """Decoded."""
    parsed: Mapping[str, Any]
    """The body's members."""

    def __repr__(self) -> str:
        """Without what may hold credentials."""
        return f"Sent({len(self.body)} bytes)"


class Moved(Struct, frozen=True, kw_only=True):
    """The request as it goes elsewhere: first the headers of `remove` go, then those of `set` are put.

    Host, length and coding of the body are set by whoever sends it: the body is uncoded.
    """

    endpoint: Endpoint
    host: str
    port: int
    path: str
    """With its query."""
    model: str
    same_host: bool
    """Host and credential are as they were."""
    body: bytes
    members: Mapping[str, Any]
    """The body's."""
    set: Mapping[str, str]
    remove: tuple[str, ...]
    tools: Mapping[str, str] | None = None
    """The call was translated: names of tools as the caller has them, by shorter ones (`WayBack`)."""
    injected: str | None = None
    """Where the operator's key is that was put; never the key."""

    def __repr__(self) -> str:
        """Without the headers, which have the credential, and the body."""
        return f"Moved({self.endpoint.provider}/{self.model} at {self.host}:{self.port}{self.path})"


def moved(sent: Sent, place: Place, credential: str | None = None) -> Moved | str:
    """The request as the place takes it; a text: why it can't be made so.

    `credential`: the key that the policy has for the place's provider. The same host gets the caller's own.
    What `soundness` says of the request comes first: here only its form counts.
    """
    if signed_headers(sent.headers) or "x-amz-signature=" in sent.path.lower():
        return "it is signed, and a signature covers what would change"
    made = _translated(sent, place) if place.translated else _adapted(sent, place)
    if isinstance(made, str):
        return made
    query = sent.path.partition("?")[2]
    put: Mapping[str, str] | str = {}
    remove: tuple[str, ...] = ()
    if not place.same_host:
        put = _headers(sent, place, credential)
        remove = tuple(name for name in sent.headers if name not in FRAMING)
        query = "" if place.translated else query_along(query)
    if isinstance(put, str):
        return put
    put, remove = _with_betas(put, remove, sent, place)
    return Moved(
        endpoint=place.endpoint,
        host=place.endpoint.host,
        port=place.port,
        path=f"{place.path}?{query}" if query else place.path,
        model=place.model,
        same_host=place.same_host,
        body=made.body,
        members=made.members,
        set=put,
        remove=remove,
        tools=made.tools,
    )


class _Made(Struct, frozen=True):
    """A body, with its members; and the names of tools for the way back, if it was translated."""

    body: bytes
    members: Mapping[str, Any]
    tools: Mapping[str, str] | None = None


def _adapted(sent: Sent, place: Place) -> _Made | str:
    """The body with what the model wants otherwise."""
    changes = adapted(place.endpoint.dialect, place.model, sent.parsed, place.same_provider)
    if isinstance(changes, str):
        return changes
    changes = {**_named(place, sent.parsed), **changes}
    kept = {name: value for name, value in sent.parsed.items() if changes.get(name, KEPT) is not None}
    put = {name: value for name, value in changes.items() if value is not None}
    try:
        return _Made(_changed(sent.body, changes, sent.parsed), {**kept, **put})
    except ValueError:
        return "its body is no JSON object"


def _translated(sent: Sent, place: Place) -> _Made | str:
    """The body in the place's dialect."""
    said = chat_request(sent.parsed, place.endpoint, place.model)
    if isinstance(said, str):
        return said
    changes = adapted(place.endpoint.dialect, place.model, said.members, place.same_provider)
    assert not isinstance(changes, str)  # of Chat, all that a model refuses can be left out
    members = {name: value for name, value in {**said.members, **changes}.items() if value is not None}
    return _Made(orjson.dumps(members), members, said.tools)


def _named(place: Place, body: Mapping[str, Any]) -> Changes:
    """The model's name where the body has it, with the `models/` that Google's may have, or needs it."""
    name = "model_id" if "model_id" in body and "model" not in body else "model"
    if place.in_path and name not in body:
        return {}
    before = body.get(name)
    prefix = "models/" if isinstance(before, str) and before.startswith("models/") and place.in_path else ""
    return {name: prefix + place.model}


def _headers(sent: Sent, place: Place, credential: str | None) -> dict[str, str] | str:
    """All headers of a request to another host."""
    provider = place.endpoint.provider
    if credential is None:
        return f"no credential is known for {provider}"
    value = credential_header(place.key_header, credential)
    if value is None:
        return f"the credential for {provider} fits into no header"
    known = secrets(sent.headers, sent.path.partition("?")[2])
    along = taken_along(sent.headers, known, place.betas)
    if place.translated:
        along = {name: value for name, value in along.items() if not name.startswith(ANTHROPIC)} | TRANSLATED
    return {**along, place.key_header: value}


def _changed(body: bytes, changes: Changes, before: Mapping[str, Any]) -> bytes:
    for name, value in changes.items():
        if value is None:
            body = remove_member(body, name)
        else:
            body = (replace_member if name in before else set_member)(body, name, value)
    return body


def _with_betas(
    put: Mapping[str, str], remove: tuple[str, ...], sent: Sent, place: Place
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The headers without the beta features that the model refuses, or that go with a log-in of before."""
    asked = sent.headers.get(BETA) if place.same_host else put.get(BETA)
    others = {name: value for name, value in put.items() if name != BETA}
    if asked is None:
        return others, remove
    named = without_betas(asked, dropped) if (dropped := dropped_betas(place.model)) else asked
    named = named if place.same_host else without_log_in(named)
    if named == asked and place.same_host:
        return others, remove
    return {**others, BETA: named} if named else others, (*remove, BETA)
