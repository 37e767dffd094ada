"""The simulator as a process of its own, told and asked over its plain port; curl as its client."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.process import Running, running

curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("simulator"), ["--keep", "50"]) as process:
        yield process


@pytest.fixture(autouse=True)
def _fresh(process: Running) -> None:
    process.reset()


def fetch(process: Running, url: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    host = url.split("/")[2]
    command = [
        "curl",
        "-sS",
        "-i",
        "--cacert",
        str(process.root_ca),
        "--connect-to",
        process.connect_to(host),
    ]
    return subprocess.run([*command, *options, url], capture_output=True, check=False, timeout=120)


@curl
@pytest.mark.parametrize(("option", "protocol"), [("--http1.1", "HTTP/1.1"), ("--http2", "HTTP/2")])
def test_curl_is_served_under_the_providers_names(process: Running, option: str, protocol: str) -> None:
    body = json.dumps({"model": "claude-x", "stream": True, "messages": []})

    done = fetch(process, "https://api.anthropic.com/v1/messages?beta=true", option, "-d", body)

    assert done.returncode == 0
    assert done.stdout.startswith(protocol.encode() + b" 200")
    assert done.stdout.endswith(b'event: message_stop\ndata: {"type":"message_stop"}\n\n')
    (seen,) = process.seen()
    assert (seen["host"], seen["query"], seen["json"]["model"]) == (
        "api.anthropic.com",
        "beta=true",
        "claude-x",
    )
    assert (seen["protocol"], seen["complete"], seen["fault"]) == (protocol, True, "")


@curl
@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
def test_curl_sees_cuts(process: Running, option: str) -> None:
    process.on("api.openai.com", "/v1/*", cut={"how": "rst_stream", "after_events": 2})

    done = fetch(process, "https://api.openai.com/v1/responses", option, "-d", '{"stream":true}')

    assert done.returncode in (18, 35, 56, 92)
    assert not process.seen()[0]["client_left"]


@curl
def test_trailers_and_hints_reach_curl(process: Running) -> None:
    process.default(informational=[103], trailers=[["x-sum", "1"]])

    done = fetch(process, "https://api.openai.com/v1/embeddings", "--http1.1", "-d", '{"input":"x"}')

    assert b"HTTP/1.1 103 Early Hints\r\nlink:" in done.stdout
    assert done.stdout.rstrip().endswith(b"x-sum: 1")


def test_rules_can_be_used_up(process: Running) -> None:
    process.on("*", "/v1/models", status=429, times=1)

    for _ in range(2):
        process_get(process, "/v1/models")

    assert [seen["status"] for seen in process.seen()] == [429, 200]


def test_mistakes_come_back(process: Running) -> None:
    with pytest.raises(ValueError, match="no field 'stauts'"):
        process.default(stauts=500)


def test_statistics(process: Running) -> None:
    before = process.stats()["requests"]

    process_get(process, "/v1/models")

    stats = process.stats()
    assert stats["requests"] >= before + 1
    assert stats["open"] >= 1  # the one that asks
    assert stats["faults"] == []


def test_it_ends_with_its_starter(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        assert os.path.exists(f"/proc/{process.pid}") or not os.path.exists("/proc")

    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_start_that_fails_is_said(tmp_path: Path, process: Running) -> None:
    with pytest.raises(RuntimeError, match="did not start"), running(tmp_path, ["--port", str(process.port)]):
        pass


def process_get(process: Running, path: str) -> None:
    import http.client

    connection = http.client.HTTPConnection(process.address, process.plain_port, timeout=120)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()
