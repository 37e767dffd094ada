"""A provider that refuses every call as Tollway does where a limit has no room, and counts them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.money import NANO
from tollway.wire import DIALECTS
from tollway.wire.over_limit import Refusal, over_limit

SAID = (
    'Tollway: the limit "team-month" has 0.42 USD left of 3000 USD until 2026-12-01 00:00 Europe/Berlin,'
    " and this call may cost up to 1.61 USD."
)
"""What every refusal here begins with."""
_END = datetime(2026, 11, 30, 23, tzinfo=UTC)  # December in Berlin
_DIALECTS = {
    "/chat/completions": "openai_chat",
    "/responses": "openai_responses",
    "/embeddings": "openai_embeddings",
    "/messages": "anthropic_messages",
    "ontent": "gemini",
    "ontent?alt=sse": "gemini",
    "/converse": "bedrock_converse",
    "/converse-stream": "bedrock_converse",
    "/v2/chat": "cohere_chat",
    "/v1/conversations": "mistral_conversations",
}
"""By how a path ends."""


def refusal(dialect: str, seconds: int, program: str | None = None) -> Refusal:
    """The refusal of a call, so many seconds before the window ends."""
    end_us = int(_END.timestamp()) * 1_000_000
    bucket = Bucket(limit="team-month", key="team-month", unit=Unit.USD, start_us=0, end_us=end_us)
    amount = 3000 * NANO
    balance = Balance(
        bucket=bucket, amount=amount, enforce=Enforce.HARD, settled=amount - 420_000_000, held=0
    )
    now_us = end_us - seconds * 1_000_000
    zone = ZoneInfo("Europe/Berlin")
    return over_limit(balance, 1_610_000_000, zone, now_us, dialect=dialect, program=program)


def answered(dialect: str, refused: Refusal) -> tuple[dict[str, str], bytes]:
    """The headers and the body that `hooks.refusal` makes of it."""
    seconds = refused.retry_after
    again = {"x-should-retry": "false"} if seconds is None else {"retry-after": str(seconds)}
    body = DIALECTS[dialect].error(refused.status, refused.message, refused.code)
    return {"content-type": "application/json", **again}, body


@dataclass
class Refusing:
    """Where it is, and what it was asked."""

    url: str
    seconds: int
    """Until the window ends."""
    paths: list[str] = field(default_factory=list)


@contextmanager
def refusing(seconds: int) -> Iterator[Refusing]:
    """One that runs as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            known.paths.append(self.path)
            dialect = next(name for end, name in _DIALECTS.items() if self.path.endswith(end))
            refused = refusal(dialect, seconds)
            headers, body = answered(dialect, refused)
            self.send_response(refused.status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known = Refusing(url=f"http://127.0.0.1:{server.server_port}", seconds=seconds)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()
