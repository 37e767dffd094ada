"""curl through `tollway run`: both protocols, codings, uploads, streams."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.played import INPUT, OUTPUT, TEXT
from tests.tollway.command import Office
from tollway.model import CallRecord, Source

pytestmark = [
    pytest.mark.slow,  # each starts a proxy
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here"),
]

URL = "https://api.openai.com/v1/chat/completions"
CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}

type Curl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def curl(office: Office) -> Curl:
    """Posts a body with these options of curl's; the answer's head comes before its body."""

    def post(body: object, *options: str) -> subprocess.CompletedProcess[str]:
        assert office.sim is not None
        office.sim.default(usage={"input_tokens": INPUT, "output_tokens": OUTPUT})
        data = office.home.parent / "body.json"
        data.write_text(json.dumps(body))
        words = ["curl", "-sSi", "--suppress-connect-headers", "-H", "content-type: application/json", URL]
        return office.run("run", "--", *words, "--data-binary", f"@{data}", *options)

    return post


def parts(done: subprocess.CompletedProcess[str]) -> tuple[list[str], str]:
    """The lines of the answer's head, and its body; not what came before it (100 Continue)."""
    *heads, body = done.stdout.split("\n\n", done.stdout.count("\nHTTP/") + 1)
    return heads[-1].lower().splitlines(), body


def said(done: subprocess.CompletedProcess[str]) -> object:
    """The text of a whole answer."""
    return json.loads(parts(done)[1])["choices"][0]["message"]["content"]


def metered(office: Office) -> CallRecord:
    """The one call, as every test here expects it."""
    (call,) = office.calls()
    assert (call.provider, call.program, call.status) == ("openai", "curl", 200)
    assert (call.usage.input_tokens, call.usage.output_tokens) == (INPUT, OUTPUT)
    assert (call.cost.nano, call.cost.source) == (4_500_000, Source.COMPUTED)
    return call


@pytest.mark.parametrize(("option", "version"), [("--http1.1", "1.1"), ("--http2", "2")])
def test_both_protocols_work(office: Office, curl: Curl, option: str, version: str) -> None:
    """Towards the provider it is the one that the client speaks."""
    mark = f"curl {option}"  # the simulator has seen other tests' requests
    done = curl({**CHAT, "user": mark}, option)

    call = metered(office)
    head, _ = parts(done)
    assert said(done) == TEXT
    assert head[0].split()[:2] == [f"http/{version}", "200"]
    assert {f"x-tollway-call: {call.id}", "x-tollway-cost: 0.0045"} <= set(head)
    assert office.sim is not None
    ours = [seen for seen in office.sim.seen() if (seen["json"] or {}).get("user") == mark]
    assert [seen["protocol"] for seen in ours] == [f"HTTP/{version}"]
    assert done.stderr.startswith("tollway: $0.0045 for 1 call (gpt-4o $0.0045), ")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_coded_answer_is_read_beside_the_bytes(office: Office, curl: Curl, coding: str) -> None:
    """`--compressed` offers what curl was built with."""
    features = subprocess.run(["curl", "-V"], capture_output=True, text=True, check=True).stdout
    if {"br": "brotli", "zstd": "zstd"}.get(coding, "libz") not in features:
        pytest.skip(f"this curl was built without {coding}")
    done = curl(CHAT, "--compressed", "-H", f'x-sim: {{"coding": "{coding}"}}')

    metered(office)
    assert said(done) == TEXT
    assert f"content-encoding: {coding}" in parts(done)[0]


def test_a_stream_comes_event_by_event(office: Office, curl: Curl) -> None:
    """Unbuffered (`-N`); no chunk is shown that the program did not ask for."""
    done = curl({**CHAT, "stream": True}, "-N")

    metered(office)
    events = [line for line in parts(done)[1].splitlines() if line]
    assert events[-1] == "data: [DONE]"
    chunks = [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks).strip() == TEXT


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
def test_a_large_upload_waits_for_leave_to_go_on(office: Office, curl: Curl, option: str) -> None:
    """`Expect: 100-continue`, which curl sends by itself for bodies above 1 MiB on HTTP/1.1."""
    big = {**CHAT, "messages": [{"role": "user", "content": "words " * 400_000}]}

    done = curl(big, option, "-H", "Expect: 100-continue", "--expect100-timeout", "30")

    call = metered(office)
    assert call.request_bytes > 2_400_000
    assert said(done) == TEXT


def test_what_is_no_provider_is_tunnelled(office: Office, tmp_path: Path) -> None:
    """With its own certificate, which our bundle holds beside our root; nothing of it is recorded."""
    assert office.sim is not None
    own = Office(office.home, office.sim, {"CURL_CA_BUNDLE": str(office.sim.root_ca)})

    done = own.run("run", "--", "curl", "-sS", "-w", "%{response_code}", "https://example.com/v1/models")

    assert done.stdout.endswith("200")
    assert done.stderr.startswith("tollway: no AI calls, ")
