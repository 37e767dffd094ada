"""A proxy that is killed with a call in flight: what the view and the pages say of that call from then on."""

import http.client
import json
import re
import ssl
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests.terminal import terminal
from tests.tollway.calls import CHAT
from tests.tollway.cli.test_serve import Serving, serving
from tests.tollway.command import Office
from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
pytestmark = pytest.mark.slow  # each starts a proxy


@contextmanager
def calling(office: Office, server: Serving) -> Iterator[http.client.HTTPSConnection]:
    """A call that has reached its provider, which does not answer."""
    trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
    client = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=120, context=trust)
    client.set_tunnel(CHAT.host, 443)
    headers = {"x-sim": json.dumps({"gate": "never"}), "content-type": "application/json"}
    client.request("POST", CHAT.path, CHAT.content, headers)
    try:
        yield client
    finally:
        client.close()
        assert office.sim is not None
        office.sim.open("never")


def kill(server: Serving, client: http.client.HTTPSConnection) -> None:
    """As `kill -9`: it says nothing more to anybody."""
    server.process.kill()
    server.process.wait()
    with pytest.raises((ConnectionError, http.client.HTTPException, ssl.SSLError)):
        client.getresponse()


def top(office: Office, *words: str) -> str:
    """`tollway top`, once."""
    done = office.run("top", "--span=hour", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def page(server: Serving, accept: str) -> str:
    """A caller's own page."""
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    with closing(client):
        client.request("GET", "http://tollway.internal/", headers={"accept": accept})
        with client.getresponse() as answer:
            return answer.read().decode()


def told(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """Of each call its state, and whether it is in flight."""
    return [(each["state"], each["in_flight"]) for each in found["calls"]]


def test_the_view_counts_its_call_no_longer_and_lets_its_time_stand(office: Office) -> None:
    """In a terminal that shows it all the while."""
    words = [sys.executable, "-m", "tollway", "top", "--span=hour"]
    with (
        serving(office) as server,
        terminal(words, {**office.variables, "PYTHONPATH": "addons"}, 160, 44) as screen,
    ):
        screen.wait("No calls yet")
        with calling(office, server) as client:
            screen.wait("1 call  1 in flight")
            kill(server, client)
            lines = screen.wait("1 call  0 in flight")
            again = screen.wait(lambda later: later[0] != lines[0])

    for shown in (lines, again):
        (line,) = [line for line in shown if " gpt-4o " in line and re.match(r"\d\d:\d\d:\d\d ", line)]
        assert line.split()[-2:] == ["-", "died"], line  # took, status


def test_a_look_and_the_page_of_another_proxy_say_the_same(office: Office) -> None:
    """That one was there before: nobody came up since who would have set the call to lost."""
    with serving(office) as other, serving(office) as server, calling(office, server) as client:
        while told(json.loads(top(office, "--format=json"))) != [("open", True)]:
            pass
        before = page(other, "text/html")
        assert told(json.loads(page(other, "application/json"))) == [("open", True)]
        kill(server, client)

        found = json.loads(top(office, "--format=json"))
        text, after = top(office, "--once"), page(other, "text/html")
        assert told(json.loads(page(other, "application/json"))) == [("open", False)]

    assert (found["in_flight"], told(found)) == (0, [("open", False)])
    assert "1 call  0 in flight" in text
    assert re.search(r"(?m) gpt-4o .* - died$", text), text
    assert "<td>in flight</td>" in before
    assert "<td>in flight</td>" not in after
    assert "<td>its process died</td>" in after
