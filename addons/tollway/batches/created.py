"""What a batch is made of: files that were handed in before, or requests that stand in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from tollway.batches.requests import NO_REQUEST, Weigh
from tollway.batches.weight import Weight, unread
from tollway.wire.counts import text

UNKNOWN_FILE = "the requests are in a file that did not pass here"
NO_REQUESTS = "it names no requests"


class Created(Struct, frozen=True):
    """What is to be done."""

    files: tuple[str, ...] = ()
    """The ids of files of requests."""
    requests: tuple[tuple[str, Mapping[str, Any] | None], ...] = ()
    """The path and the body of those that stand in it; None: what stands there is no request."""
    path: str = ""
    """Where requests go that name no path themselves, ..."""
    model: str | None = None
    """... and the model that all ask for."""


def created(api: str, body: Mapping[str, Any], path: str) -> Created:
    """What a request to make a batch says, which goes to this path."""
    if api == "anthropic":
        return Created(requests=tuple(_anthropic(body, path.rpartition("/")[0])))
    if api == "gemini":
        return _gemini(body, path.rpartition(":")[0] + ":generateContent")
    if api == "mistral":
        files = tuple(file for file in _list(body.get("input_files")) if isinstance(file, str))
        return Created(files, tuple(_mistral(body)), text(body, "endpoint") or "", text(body, "model"))
    file = body.get("input_file_id")
    return Created((file,) if isinstance(file, str) else ())


def weighed(made: Created, weigh: Weigh, noted: Mapping[str, Weight]) -> Weight:
    """What all of it comes to. `noted`: what is known of files."""
    weight = Weight()
    for file in made.files:
        weight = weight.plus(noted.get(file, unread(UNKNOWN_FILE)))
    for path, body in made.requests:
        one = unread(NO_REQUEST, 1) if body is None else weigh(path, body)
        weight = weight.plus(one)
    return weight if made.files or made.requests else unread(NO_REQUESTS)


def _anthropic(body: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """`{"requests": [{"custom_id", "params"}]}`."""
    for one in _list(body.get("requests")):
        yield path, _object(_object(one) or {}, "params")


def _mistral(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """`{"endpoint", "model", "requests": [{"custom_id", "body"}]}`: the model is said once for all."""
    path, model = body.get("endpoint"), body.get("model")
    for one in _list(body.get("requests")):
        found = _object(_object(one) or {}, "body")
        yield path if isinstance(path, str) else "", None if found is None else {"model": model, **found}


def _gemini(body: Mapping[str, Any], path: str) -> Created:
    """`{"batch": {"inputConfig": {"fileName"} or {"requests": {"requests": [{"request"}]}}}}`; both spellings
    of names that protocol buffers have are taken."""
    batch = _object(body, "batch") or {}
    config = _object(batch, "inputConfig") or _object(batch, "input_config") or {}
    file = config.get("fileName") or config.get("file_name")
    inline = (_object(config, "requests") or {}).get("requests")
    found = tuple((path, _object(_object(one) or {}, "request")) for one in _list(inline))
    return Created((file,) if isinstance(file, str) else (), found, path)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: object, name: str | None = None) -> Mapping[str, Any] | None:
    found = value if name is None else value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else None
