"""Which translator an answer takes."""

import pytest

from tests.tollway.translation.chats import BACK
from tollway.translation.answer import ChatWhole
from tollway.translation.back import translator
from tollway.translation.errors import ErrorBody
from tollway.translation.stream import ChatStream

SSE, JSON = "text/event-stream; charset=utf-8", "application/json"


@pytest.mark.parametrize(
    ("status", "kind", "streams", "wanted"),
    [
        (200, JSON, False, ChatWhole),
        (200, JSON, True, ChatWhole),
        (200, SSE, True, ChatStream),
        (200, SSE, False, ChatStream),
        (200, "", True, ChatStream),
        (200, "", False, ChatWhole),
        (302, SSE, True, ErrorBody),
        (429, JSON, True, ErrorBody),
        (500, "text/html", False, ErrorBody),
    ],
)
def test_status_and_content_type_tell(status: int, kind: str, streams: bool, wanted: type) -> None:
    headers = {"content-type": kind} if kind else {}

    assert type(translator(BACK, status, headers, streams)) is wanted
