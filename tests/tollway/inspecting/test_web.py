"""`tollway inspect --web`: what mitmproxy's web interface has of a call, by HTTP."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from tests.ports import free_port
from tests.tollway.calls import CLAUDE
from tests.tollway.command import Office

pytestmark = pytest.mark.slow

WORD = "a word that only this test knows"


@contextmanager
def web(office: Office, *words: str) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """The process, the proxy's port, and that of the web interface, once both listen: it says so to a pipe,
    whose reader has no other way to know the page's address and its token."""
    port, shown = free_port(), free_port()
    options = ("--web", "--no-browser", "--listen", f"127.0.0.1:{port}", "--web-port", f"{shown}", *words)
    with replace(office, environment={"PYTHONUNBUFFERED": ""}).start("inspect", *options) as process:
        try:
            assert process.stdout is not None
            while "proxy listening at" not in process.stdout.readline():
                assert process.poll() is None, process.stderr and process.stderr.read()
            yield process, port, shown
        finally:
            process.kill()


def test_a_call_is_there_with_its_comment_and_its_conversation(office: Office) -> None:
    """For who knows the password; SIGTERM ends it."""
    with web(office, "--set", f"web_password={WORD}") as (process, port, shown):
        trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
        with httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=120) as client:
            client.post(CLAUDE.url, json=CLAUDE.streamed().body)
        page = f"http://127.0.0.1:{shown}"
        with httpx.Client(base_url=page, timeout=120) as browser:
            stranger = browser.get("/flows")
            browser.headers["authorization"] = f"Bearer {WORD}"
            (flow,) = browser.get("/flows").json()
            text = browser.get(f"/flows/{flow['id']}/response/content/auto.json").json()
            columns = browser.get("/options").json()["web_columns"]["value"]
        process.terminate()
        status = process.wait(120)

    (call,) = office.calls()
    assert stranger.status_code == 403
    assert flow["comment"].startswith("python-httpx · anthropic/claude-sonnet-4-5 · ")
    assert text["view_name"] == "Conversation"
    assert f"call  {call.id}" in text["text"]
    assert "── assistant ──\nThe simulator answers" in text["text"]
    assert "comment" in columns
    assert status == 0


def test_a_port_that_is_taken_is_said(office: Office) -> None:
    """Which one, and by which option to choose another."""
    with web(office) as (_, _, taken):
        options = ("--web", "--no-browser", "--listen", "127.0.0.1:0", "--web-port", f"{taken}")
        done = office.run("inspect", *options)

    assert done.returncode == 1
    assert "the web interface can't listen, choose another --web-port" in done.stderr
