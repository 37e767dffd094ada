"""`tollway inspect` in a real terminal: what a user reads there of a call, and of one that is refused."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports import free_port
from tests.terminal import Terminal, terminal
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.command import Office

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 120, 40


@contextmanager
def console(office: Office, *words: str) -> Iterator[tuple[Terminal, httpx.Client]]:
    """The console, and a client of its proxy."""
    port = free_port()
    command = office.words("inspect", "--listen", f"127.0.0.1:{port}", *words)
    with terminal(command, office.variables, WIDTH, HEIGHT) as screen:
        screen.wait(f"[127.0.0.1:{port}]")
        trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
        with httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=120) as client:
            yield screen, client


def asked(client: httpx.Client, call: Call, **scenario: Any) -> httpx.Response:
    """The answer, which the simulator makes so."""
    return client.post(call.url, json=call.body, headers={"x-sim": json.dumps(scenario)} if scenario else {})


def filtered(screen: Terminal, words: str) -> None:
    """Have the list show only what these words match, and those of before."""
    screen.press("f", words, "Enter")


def test_a_stream_is_read_as_a_conversation_with_its_cost(office: Office) -> None:
    """What was asked, what was answered, what it cost, and the comment that filters go by."""
    with console(office) as (screen, client):
        asked(client, CLAUDE.streamed())
        screen.wait("/v1/messages")
        screen.press("Enter")
        screen.wait("── user ──")
        screen.press("Tab")
        answered = "\n".join(screen.wait("verdict  passed"))
        screen.press("Tab")
        detail = "\n".join(screen.wait("Comment:"))
        screen.press("q", "q", "y")
        screen.wait("ended 0")

    (call,) = office.calls()
    assert "say hi" not in answered
    assert "The simulator answers with the same words every" in answered
    assert f"cost  ${call.cost.nano / 1e9:.9f}".rstrip("0") in answered
    assert "python-httpx · anthropic/claude-sonnet-4-5 · " in detail
    assert " · passed" in detail


def test_calls_are_filtered_by_what_is_said_of_them(office: Office, tmp_path: Path) -> None:
    """`~comment`, `~marked`: one call of two, and the one that a limit refused."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nlimits: [{name: day, amount: 2 requests, window: day, then: [block]}]\n")
    with console(office, "--policy", str(policy)) as (screen, client):
        statuses = [asked(client, call).status_code for call in (CHAT, CLAUDE, CHAT)]
        screen.wait("[1/3]")
        filtered(screen, "~comment gpt-4o")
        by_model = "\n".join(screen.wait("[1/2]"))
        filtered(screen, " & ~marked")
        by_mark = "\n".join(screen.wait("[1/1]"))
        screen.press("E")
        events = "\n".join(screen.wait("Events"))

    assert statuses == [200, 200, 429]
    assert "/v1/messages" not in by_model
    assert " 429 " in by_mark
    assert "Failed" not in events


def test_a_running_stream_shows_what_has_come_so_far(office: Office) -> None:
    """Here three words of it, and then nothing more."""
    with console(office) as (screen, client):
        hangs = {"x-sim": json.dumps({"cut": {"how": "hang", "after_events": 6}, "text": "so far "})}
        body = CLAUDE.streamed().body
        with client.stream("POST", CLAUDE.url, json=body, headers=hangs) as answer:
            pieces = answer.iter_raw()  # it ends the call once nobody holds it
            next(pieces)
            screen.wait("/v1/messages")
            screen.press("Enter", "Tab")
            shown = "\n".join(screen.wait("so far so far"))

            assert "in flight" in shown
        screen.wait("verdict  failed")
