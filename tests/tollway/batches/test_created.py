"""What batches are made of."""

from collections.abc import Mapping
from typing import Any

import pytest

from tollway.batches.created import NO_REQUESTS, UNKNOWN_FILE, Created, created, weighed
from tollway.batches.requests import NO_REQUEST
from tollway.batches.weight import Weight

BODY = {"model": "m"}


def weigh(path: str, body: Mapping[str, Any]) -> Weight:
    """One request, of which the path is told."""
    return Weight(requests=1, models=(path,))


@pytest.mark.parametrize(
    ("api", "body", "path", "made"),
    [
        ("openai", {"input_file_id": "file-1"}, "/v1/batches", Created(("file-1",))),
        ("openai", {"input_file_id": 5}, "/v1/batches", Created()),
        (
            "anthropic",
            {"requests": [{"custom_id": "a", "params": BODY}, {"custom_id": "b"}, 7]},
            "/anthropic/v1/messages/batches",
            Created((), (("/anthropic/v1/messages", BODY), *((("/anthropic/v1/messages", None),) * 2))),
        ),
        ("anthropic", {"requests": "x"}, "/v1/messages/batches", Created()),
        (
            "mistral",
            {"input_files": ["f1", 2], "endpoint": "/v1/ocr", "model": "m", "requests": [{"body": {"a": 1}}]},
            "/v1/batch/jobs",
            Created(("f1",), (("/v1/ocr", {"model": "m", "a": 1}),), "/v1/ocr", "m"),
        ),
        ("mistral", {"requests": [{}]}, "/v1/batch/jobs", Created((), (("", None),))),
        (
            "gemini",
            {"batch": {"input_config": {"requests": {"requests": [{"request": {"contents": []}}]}}}},
            "/v1beta/models/g:batchGenerateContent",
            Created(
                (),
                (("/v1beta/models/g:generateContent", {"contents": []}),),
                "/v1beta/models/g:generateContent",
            ),
        ),
        (
            "gemini",
            {"batch": {"inputConfig": {"fileName": "files/1"}}},
            "/v1beta/models/g:batchGenerateContent",
            Created(("files/1",), (), "/v1beta/models/g:generateContent"),
        ),
        (
            "gemini",
            {},
            "/v1beta/models/g:batchGenerateContent",
            Created((), (), "/v1beta/models/g:generateContent"),
        ),
    ],
)
def test_files_and_requests_are_found(api: str, body: Mapping[str, Any], path: str, made: Created) -> None:
    assert created(api, body, path) == made


def test_all_of_it_is_added_up() -> None:
    made = Created(("f1",), (("/v1/x", BODY),))

    found = weighed(made, weigh, {"f1": Weight(requests=5)})
    assert (found.requests, found.models, found.unbounded) == (6, ("/v1/x",), None)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (Created(("f2",)), UNKNOWN_FILE),
        (Created((), (("/v1/x", None),)), NO_REQUEST),
        (Created(), NO_REQUESTS),
    ],
)
def test_what_is_not_known_has_no_bound(made: Created, why: str) -> None:
    assert weighed(made, weigh, {}).unbounded == why
