"""A real redis-server, in a folder of its own."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import redis

STARTS_SECONDS = 20.0


class RedisServer:
    """It listens on a socket in its folder; what it saves is there, too."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        """`options`: of redis-server; `port`: of loopback, for replicas. Skips where there is none."""
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not installed (Debian: redis-server)")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.port = port
        self.socket = folder / "redis.sock"
        self._command = [
            program, "--port", str(port), "--bind", "127.0.0.1", "--unixsocket", str(self.socket),
            "--dir", str(folder), "--save", "", "--loglevel", "warning", *options,
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """As `--ledger` takes it; journals are beside it. A machine busy with tests may be slow."""
        return f"{self.hurried}&timeout=20&grace=0"

    @property
    def hurried(self) -> str:
        """The same, with the time that a proxy gives it."""
        return f"unix://{self.socket}?journal={self._folder / 'journals'}"

    def start(self) -> None:
        """Have it run, until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_until(lambda client: bool(client.ping()))

    def wait_until(self, is_so: Callable[[redis.Redis], bool]) -> None:
        """Ask again and again."""
        assert self._process is not None
        end = time.monotonic() + STARTS_SECONDS
        while True:
            with suppress(redis.RedisError):
                if is_so(self.client()):
                    return
            assert time.monotonic() < end, "redis-server is not as it should be"
            assert self._process.poll() is None, "redis-server ended"
            time.sleep(0.002)

    @property
    def pid(self) -> int:
        """Of its process."""
        assert self._process is not None
        return self._process.pid

    def client(self) -> redis.Redis:
        """A client of it."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5)

    def kill(self) -> None:
        """As a crash does: nothing is saved."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """It hangs, and takes connections all the same."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It does no more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, however it is. Again does nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
