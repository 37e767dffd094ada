"""A webhook: a server of its own, which answers as it is told and keeps what it got."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hook(ThreadingHTTPServer):
    """Answers in threads; any number at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.headers = 200, dict[str, str]()
        self.got: list[tuple[str, Any]] = []
        """The path and the JSON of each request, as they came."""
        self.signed: list[tuple[str, bytes]] = []
        """The signature of each, "" for none, and its body."""
        self.answers = threading.Event()
        """Cleared, it keeps who asks waiting."""
        self.answers.set()
        self._more = threading.Condition()

    @property
    def url(self) -> str:
        """Where it listens, a secret included."""
        return f"http://127.0.0.1:{self.server_port}/hook/s3cret"

    @property
    def kinds(self) -> list[str]:
        """The kind of each alert that it got."""
        return [said["kind"] for _, said in self.got]

    def keep(self, path: str, said: Any) -> None:
        """Take a request."""
        with self._more:
            self.got.append((path, said))
            self._more.notify_all()

    def wait_for(self, number: int) -> None:
        """Block until it got so many."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.got) >= number, 20), self.got


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.signed.append((self.headers.get("x-tollway-signature", ""), body))
        self.server.keep(self.path, json.loads(body))
        self.server.answers.wait()
        self.send_response(self.server.status)
        for name, value in {**self.server.headers, "content-length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def listening() -> Iterator[Hook]:
    """A webhook, for as long as the context lasts."""
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.answers.set()
            server.shutdown()
            thread.join()
