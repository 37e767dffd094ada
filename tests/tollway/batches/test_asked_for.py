"""What paths ask for."""

import pytest

from tollway.batches.asked_for import asked_for


@pytest.mark.parametrize(
    ("api", "path", "id"),
    [
        ("openai", "/v1/files/file-aB/content", "file-aB"),
        ("openai", "/openai/v1/files/file-1/content/?x=/y/z", "file-1"),
        ("openai", "/", ""),
        ("anthropic", "/v1/messages/batches/msgbatch_1/results?beta=true", "msgbatch_1"),
        ("gemini", "/download/v1beta/files/ab-1:download?alt=media", "files/ab-1"),
    ],
)
def test_it_is_an_id(api: str, path: str, id: str) -> None:
    assert asked_for(api, path) == id
