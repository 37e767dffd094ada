"""What providers say of batches."""

from collections.abc import Mapping
from typing import Any

import pytest

from tollway.batches.told import MOST, Told, every, told
from tollway.model import Usage

BATCH = {"id": "b1", "object": "batch"}
USAGE = {"input_tokens": 5, "output_tokens": 2}


@pytest.mark.parametrize(
    ("api", "message", "found"),
    [
        ("openai", {**BATCH, "status": "in_progress"}, Told(id="b1")),
        ("openai", {**BATCH, "status": "cancelling"}, Told(id="b1")),
        ("openai", {**BATCH, "status": "failed"}, Told(id="b1", ended=True, answered=0)),
        (
            "openai",
            {
                **BATCH,
                "status": "completed",
                "model": "gpt-4o",
                "output_file_id": "f1",
                "usage": USAGE,
                "request_counts": {"total": 3, "completed": 2, "failed": 1},
            },
            Told(
                id="b1",
                ended=True,
                answered=2,
                usage=Usage(input_tokens=5, output_tokens=2),
                model="gpt-4o",
                files=("f1",),
            ),
        ),
        (
            "openai",
            {**BATCH, "status": "expired", "usage": {"input_tokens": 0}, "request_counts": {"completed": 1}},
            Told(id="b1", ended=True, answered=1),
        ),
        ("openai", {"id": "b1", "object": "file"}, None),
        ("openai", {"object": "batch"}, None),
        (
            "anthropic",
            {"id": "b1", "type": "message_batch", "processing_status": "in_progress"},
            Told(id="b1"),
        ),
        (
            "anthropic",
            {
                "id": "b1",
                "type": "message_batch",
                "processing_status": "ended",
                "request_counts": {"succeeded": 4},
            },
            Told(id="b1", ended=True, answered=4),
        ),
        ("anthropic", {"id": "b1", "type": "error"}, None),
        ("anthropic", {"type": "message_batch"}, None),
        ("mistral", {"id": "b1", "status": "RUNNING"}, Told(id="b1")),
        (
            "mistral",
            {"id": "b1", "status": "SUCCESS", "succeeded_requests": 2, "model": "m", "output_file": "f1"},
            Told(id="b1", ended=True, answered=2, model="m", files=("f1",)),
        ),
        (
            "mistral",
            {"id": "b1", "status": "TIMEOUT_EXCEEDED", "outputs": [{"custom_id": "a"}, 5]},
            Told(id="b1", ended=True, results=[{"custom_id": "a"}]),
        ),
        ("mistral", {"status": "SUCCESS"}, None),
        (
            "gemini",
            {"name": "batches/1", "metadata": {"state": "BATCH_STATE_PENDING"}},
            Told(id="batches/1"),
        ),
        (
            "gemini",
            {
                "name": "batches/1",
                "metadata": {"state": "BATCH_STATE_SUCCEEDED", "batchStats": {"successfulRequestCount": "2"}},
                "response": {"inlinedResponses": {"inlinedResponses": [{"response": {}}, None]}},
            },
            Told(id="batches/1", ended=True, answered=2, results=[{"response": {}}]),
        ),
        (
            "gemini",
            {"name": "batches/1", "done": True, "response": {"responsesFile": "files/2"}},
            Told(id="batches/1", ended=True, files=("files/2",)),
        ),
        ("gemini", {"name": "operations/1"}, None),
    ],
)
def test_a_batch_is_read(api: str, message: Mapping[str, Any], found: Told | None) -> None:
    assert told(api, message) == found


@pytest.mark.parametrize(("api", "member"), [("openai", "data"), ("gemini", "operations")])
def test_of_a_list_counts_what_ended_or_has_files(api: str, member: str) -> None:
    ended = {"id": "b1", "status": "failed", "name": "batches/b1", "done": True}
    begun = {"id": "b2", "name": "batches/b2"}
    with_file = {"id": "b3", "output_file_id": "f", "name": "batches/b3", "response": {"responsesFile": "f"}}

    found = every(api, {member: [ended, begun, 3, {}, with_file]})

    assert [(one.id.removeprefix("batches/"), one.ended, one.files) for one in found] == [
        ("b1", True, ()),
        ("b3", False, ("f",)),
    ]
    assert every(api, {member: "no list"}) == []
    assert len(every(api, {member: [ended] * (MOST + 1)})) == MOST
