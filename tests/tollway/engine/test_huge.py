"""Bodies of a gigabyte pass in both directions, over both protocols, and take no memory."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tollway.command import Office

SIZE = 10**9
GROWTH = 50_000_000
CURL = shutil.which("curl") or ""
HTTP2 = (
    b"HTTP2" in subprocess.run([CURL, "--version"], capture_output=True, check=True).stdout if CURL else False
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads memory from /proc"),
    pytest.mark.skipif(not HTTP2, reason="needs a curl that speaks HTTP/2"),
]


@dataclass(frozen=True)
class Served:
    """A proxy that is a process of its own, and how clients reach providers through it."""

    url: str
    ca: str
    pid: int

    def curl(self, *words: str) -> None:
        """Make a request with curl; raises CalledProcessError if it fails or is answered by an error."""
        words = (CURL, "-sS", "--proxy", self.url, "--cacert", self.ca, "-o", "/dev/null", *words)
        subprocess.run(words, check=True, timeout=120)

    def peak(self) -> int:
        """The most memory that was resident since `forget`, in bytes."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

    def forget(self) -> None:
        """Forget the peak (proc(5): clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with office.start("serve", "--listen", "127.0.0.1:0", "--format", "json") as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        served = Served(facts["url"], facts["ca"], facts["pid"])
        served.curl("https://api.openai.com/v1/models")  # what the first request loads is not counted
        served.forget()
        yield served
        process.terminate()


@pytest.mark.parametrize("protocol", ["--http1.1", "--http2"])
@pytest.mark.parametrize("pace", [(), ("--limit-rate", "200M")], ids=["fast", "slow"])
def test_download(office: Office, served: Served, protocol: str, pace: tuple[str, ...]) -> None:
    assert office.sim is not None
    office.sim.default(fill=SIZE)
    before = served.peak()

    served.curl(protocol, *pace, "https://api.openai.com/v1/files/file-1/content")

    assert office.sim.seen()[-1]["bytes_written"] == SIZE
    assert served.peak() - before < GROWTH
    assert office.calls() == []


@pytest.mark.parametrize("protocol", ["--http1.1", "--http2"])
def test_upload(office: Office, served: Served, protocol: str, tmp_path: Path) -> None:
    assert office.sim is not None
    with (tmp_path / "file").open("wb") as file:
        file.truncate(SIZE)
    before = served.peak()

    served.curl(protocol, "-T", str(tmp_path / "file"), "-X", "POST", "https://api.openai.com/v1/files")

    assert office.sim.seen()[-1]["size"] == SIZE
    assert served.peak() - before < GROWTH
    assert office.calls() == []
