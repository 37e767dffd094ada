"""An identity provider over real HTTP, which can be slow, broken, huge, and change its keys."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson

from tests.tollway.identity.issuer import document, ec_key, jwk, rsa_key

KEYS = "/keys"
WELL_KNOWN = "/.well-known/openid-configuration"


class Provider:
    """What it answers may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.jwks = f"{self.issuer}{KEYS}"
        self.asked: list[str] = []
        """The paths, in their order."""
        self.status = 200
        self.headers: Mapping[str, str] = {}
        self.keys = document(jwk(rsa_key("a"), "a"), jwk(ec_key("e"), "e"))
        self.said = orjson.dumps({"issuer": self.issuer, "jwks_uri": self.jwks})
        self.before: Callable[[], object] = lambda: None
        """Called before each answer, in the server's thread: it may wait."""

    def rotate(self, *kids: str) -> None:
        """Publish keys of these names from now on, and no others."""
        self.keys = document(*(jwk(rsa_key(kid), kid) for kid in kids))


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            provider.before()
            body = {KEYS: provider.keys, WELL_KNOWN: provider.said}.get(self.path, b"{}")
            self.send_response(provider.status)
            for name, value in {"content-length": str(len(body)), **provider.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                pass  # whoever asked has heard enough

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
