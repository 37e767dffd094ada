"""Huge bodies take no memory, in either direction. In a process of its own, whose peak is its own."""

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.process import Running, running

SIZE, BLOCK = 400_000_000, bytes(range(250)) * 4000
GROWTH = 30_000_000
LINUX = Path("/proc/self/status").exists()

pytestmark = pytest.mark.skipif(not LINUX, reason="reads the peak of memory from /proc")


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as process:
        yield process


def peak(process: Running) -> int:
    """The most memory that the simulator ever had resident, in bytes."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def test_download(process: Running) -> None:
    process.default(fill=SIZE + 1)
    before, read = peak(process), 0
    with socket.create_connection((process.address, process.plain_port), timeout=120) as client:
        client.sendall(b"GET /v1/files/1/content HTTP/1.0\r\nHost: h\r\n\r\n")
        while chunk := client.recv(1 << 20):
            read += len(chunk)

    assert read > SIZE
    assert process.seen()[0]["bytes_written"] == SIZE + 1
    assert peak(process) - before < GROWTH


def test_upload(process: Running) -> None:
    before, expected = peak(process), hashlib.sha256()
    with socket.create_connection((process.address, process.plain_port), timeout=120) as client:
        client.sendall(b"POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % SIZE)
        for _ in range(SIZE // len(BLOCK)):
            client.sendall(BLOCK)
            expected.update(BLOCK)
        assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")

    (seen,) = process.seen()
    assert (seen["size"], seen["sha256"]) == (SIZE, expected.hexdigest())
    assert peak(process) - before < GROWTH
