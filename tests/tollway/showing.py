"""Two issuers, a policy that takes tokens of both, and the ways to show one: for tests over real sockets."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.tollway.calls import Call
from tests.tollway.forgeries import AUDIENCE, Issuers
from tests.tollway.identity.issuer import document, jwk, rsa_key
from tests.tollway.issuers.provider import providing

HEADER = "X-Assertion"


@contextmanager
def two_issuers() -> Iterator[Issuers]:
    """Two identity providers; both have a key `a`, each its own."""
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(providing()) for _ in range(2))
        theirs.keys = document(jwk(rsa_key("theirs"), "a"))
        yield Issuers(ours, theirs)


def policy(issuers: Issuers, more: str = "") -> str:
    """Tokens of both issuers are taken: shown to the proxy, and in a header."""
    sources = [
        f"{kind}issuer: '{one.issuer}', audience: {AUDIENCE}}}}}"
        for one in dict.fromkeys(issuers)
        for kind in ("{proxy_jwt: {", f"{{header_jwt: {{header: {HEADER}, ")
    ]
    names = "claims: {user: email, team: 'groups[0]', role: role}"
    return f"version: 1\nidentity: [{', '.join(sources)}]\n{names}\n{more}"


def basic(token: str) -> str:
    """As clients make it of HTTPS_PROXY=http://jwt:TOKEN@..."""
    return "Basic " + base64.b64encode(f"jwt:{token}".encode()).decode()


def shows(token: str) -> tuple[tuple[str, str], ...]:
    """The header of a CONNECT."""
    return (("Proxy-Authorization", basic(token)),)


def line(token: str) -> str:
    """The same as a line."""
    return f"Proxy-Authorization: {basic(token)}"


def plain(call: Call, *lines: str) -> bytes:
    """A call that is proxied as it is, without a tunnel."""
    return call.http1(*lines).replace(b"POST /", f"POST http://{call.host}/".encode(), 1)


def connect(host: str, *lines: str) -> bytes:
    """A request for a tunnel."""
    return "\r\n".join((f"CONNECT {host}:443 HTTP/1.1", f"Host: {host}:443", *lines, "", "")).encode()
