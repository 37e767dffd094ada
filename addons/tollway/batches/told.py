"""What a provider says of a batch: its id, whether it has ended, what it used, or where to find that."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tollway.model import Usage
from tollway.wire.counts import count, part, text
from tollway.wire.openai_usage import usage_of

ENDED = frozenset(
    "completed failed expired cancelled "  # OpenAI's
    "ended "  # Anthropic's
    "success timeout_exceeded "  # Mistral's
    "batch_state_succeeded batch_state_failed batch_state_cancelled batch_state_expired".split()  # Gemini's
)


class Told(Struct, frozen=True, kw_only=True):
    """One batch, as it stands."""

    id: str
    ended: bool = False
    """Nothing more will be billed."""
    answered: int | None = None
    """How many requests were answered, and so are billed; None: it does not say."""
    usage: Usage | None = None
    """What all of them used; None: it does not say."""
    model: str | None = None
    """The one model that served."""
    files: tuple[str, ...] = ()
    """The ids of the files with its results."""
    results: Sequence[Mapping[str, Any]] = ()
    """Its results, where they stand in it."""


LISTED = {"gemini": "operations"}
"""Where a list has its batches; the others' is `data`."""
MOST = 1_000
"""As many as any of them lists at once (Anthropic: `limit`); each is looked up in the ledger."""


def every(api: str, message: Mapping[str, Any]) -> list[Told]:
    """What a list of batch objects says that ended, or have files, of the first MOST in it."""
    listed = message.get(LISTED.get(api, "data"))
    ones = listed[:MOST] if isinstance(listed, list) else []
    found = [told(api, one) for one in ones if isinstance(one, dict)]
    return [one for one in found if one is not None and (one.ended or one.files)]


def told(api: str, message: Mapping[str, Any]) -> Told | None:
    """What a batch object says; None: it is none. Wrong types are taken as absent."""
    return {"anthropic": _anthropic, "gemini": _gemini, "mistral": _mistral}.get(api, _openai)(message)


def _openai(message: Mapping[str, Any]) -> Told | None:
    """`{"id", "status", "request_counts", "usage", "model", "output_file_id"}`."""
    id, counts = text(message, "id"), part(message, "request_counts")
    if id is None or text(message, "object") not in ("batch", None):
        return None
    usage = usage_of(part(message, "usage"))
    file = text(message, "output_file_id")
    used = usage is not None and any(usage.known().values())
    return Told(
        id=id,
        ended=text(message, "status") in ENDED,
        answered=0 if text(message, "status") == "failed" else count(counts.get("completed")),
        usage=usage if used else None,
        model=text(message, "model"),
        files=(file,) if file else (),
    )


def _anthropic(message: Mapping[str, Any]) -> Told | None:
    """`{"id", "processing_status", "request_counts": {"succeeded"}}`; results are asked for by its own id."""
    id = text(message, "id")
    if id is None or text(message, "type") != "message_batch":
        return None
    succeeded = count(part(message, "request_counts").get("succeeded"))
    return Told(id=id, ended=text(message, "processing_status") in ENDED, answered=succeeded)


def _mistral(message: Mapping[str, Any]) -> Told | None:
    """`{"id", "status", "succeeded_requests", "model", "output_file", "outputs"}`."""
    id, file = text(message, "id"), text(message, "output_file")
    if id is None:
        return None
    outputs = message.get("outputs")
    return Told(
        id=id,
        ended=(text(message, "status") or "").lower() in ENDED,
        answered=count(message.get("succeeded_requests")),
        model=text(message, "model"),
        files=(file,) if file else (),
        results=[one for one in outputs if isinstance(one, dict)] if isinstance(outputs, list) else (),
    )


def _gemini(message: Mapping[str, Any]) -> Told | None:
    """A long-running operation: `{"name", "metadata": {"state", "batchStats"}, "done", "response"}`."""
    id, batch = text(message, "name"), part(message, "metadata")
    if id is None or not id.startswith("batches/"):
        return None
    output = part(message, "response") or part(batch, "output")
    inline = part(output, "inlinedResponses").get("inlinedResponses")
    file = text(output, "responsesFile")
    answered = part(batch, "batchStats").get("successfulRequestCount")
    return Told(
        id=id,
        ended=message.get("done") is True or (text(batch, "state") or "").lower() in ENDED,
        answered=int(answered) if isinstance(answered, str) and answered.isdigit() else None,
        files=(file,) if file else (),
        results=[one for one in inline if isinstance(one, dict)] if isinstance(inline, list) else (),
    )
