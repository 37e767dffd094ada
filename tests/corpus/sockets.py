"""The recorded WebSocket sessions: where each went, and its messages as a socket would have brought them."""

import gzip
import json
from functools import cache
from typing import Any, NamedTuple

from tests.corpus.exchanges import FOLDER

FILE = FOLDER / "websockets.jsonl.gz"
ABSENT = (
    f"NO RECORDED SOCKETS: looked for {FILE} (the folder shared/corpus beside the repository, or where"
    " TOLLWAY_CORPUS says)"
)
_ADDRESSES = {
    "azure_voice_live": ("resource.services.ai.azure.com", "/voice-live/realtime?model=gpt-realtime"),
    "azure": ("resource.openai.azure.com", "/openai/v1/realtime?model=gpt-realtime"),
    "gateway-google": (
        "us-central1-aiplatform.googleapis.com",
        "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
    ),
    "google": (
        "generativelanguage.googleapis.com",
        "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
    ),
    "xai": ("api.x.ai", "/v1/realtime?model=grok-voice-latest"),
    "openai": ("api.openai.com", "/v1/realtime?model=gpt-realtime"),
}
"""The recordings do not say where they were made, but by their names; the first of these that is in one."""


class Socket(NamedTuple):
    """One session."""

    name: str
    frames: list[dict[str, Any]]

    @property
    def host(self) -> str:
        return self._address[0]

    @property
    def path(self) -> str:
        """With its query."""
        return self._address[1]

    @property
    def messages(self) -> list[tuple[bool, bytes]]:
        """Whether the client sent it, and what it was."""
        return [(f["direction"] == "sent", json.dumps(f["data"]).encode()) for f in self.frames]

    @property
    def _address(self) -> tuple[str, str]:
        return next(address for part, address in _ADDRESSES.items() if part in self.name)


@cache
def sockets() -> tuple[Socket, ...]:
    """All of them, in the file's order; none where the folder is absent."""
    if not FILE.exists():
        return ()
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(Socket(row["cassette"].partition("cassettes/")[2], row["frames"]) for row in rows)
