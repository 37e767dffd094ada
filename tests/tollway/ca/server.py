"""A TLS server on loopback."""

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"


class Server:
    """Answers any request with 200, until it is stopped."""

    def __init__(self, pem: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            with raw, suppress(OSError):
                raw.settimeout(10)
                with self._context.wrap_socket(raw, server_side=True) as client:
                    if client.recv(65536):
                        client.sendall(ANSWER)

    def stop(self) -> None:
        """Close the socket and wait for the thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
