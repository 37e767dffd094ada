"""Clients that nobody can read: they do not take our certificates, or hide in their hello whom they call.

Where the policy only counts, they pass, if it says so, each connection with a row in the ledger. Where it
keeps calls from anything, they do not: whoever turned a certificate down on purpose would be rid of that.
"""

import logging
from collections.abc import Callable
from weakref import WeakKeyDictionary

from mitmproxy.connection import Client
from mitmproxy.tls import TlsData

from tollway.engine.tunnel import Verdict
from tollway.governing import Governing
from tollway.hello import Hello
from tollway.hooks.recognise import call_id
from tollway.identity.repeated import Repeated
from tollway.model import CallRecord, Cost
from tollway.policy.enforced import enforced
from tollway.providers.hosts import normal
from tollway.turned_down import SECONDS, TIMES, Caller, TurnedDown

logger = logging.getLogger(__name__)

UNREAD = "unread"
"""The operation of a connection that passed."""
CERTIFICATE, HIDDEN, CLOSED, OTHER = "certificate", "encrypted_hello", "closed", "other"
FAILED, PASSED, REFUSED = "failed", "passed", "refused"
NOT_TAKEN = (
    "unknown ca", "bad certificate", "certificate unknown", "certificate expired", "certificate revoked",
    "unsupported certificate", "access denied", "ech required",
)  # fmt: skip
"""Alerts of a client that does not believe who we say to be."""
MEETS = {
    CERTIFICATE: "The client does not trust the proxy's certificate for {}",
    HIDDEN: "The client's hello is encrypted, so that nobody can read its calls to {}",
    CLOSED: "The client left when it was shown the proxy's certificate for {}",
    OTHER: "The client and the proxy can't agree on TLS for {}",
}
COMES_TO = {
    FAILED: "nothing of it gets through; tollway doctor, there, says what mends it",
    PASSED: "its connections pass unread and unmetered, as faults: unreadable has it",
    REFUSED: "its connections are refused: faults: unreadable",
}

Told = Callable[[str, str, str], None]
"""Hears of each connection that nobody can read: its provider, why, and what came of it."""


class Unread:
    """Knows them, tells of them, and says what becomes of them."""

    def __init__(
        self,
        governing: Governing,
        whose: Callable[[str, int], str | None],
        clock: Callable[[], float],
        passed: Callable[[CallRecord], None],
        told: Told,
    ) -> None:
        """`whose`: the provider of a host and port; `passed` takes the rows of connections that pass."""
        self._governing = governing
        self._whose = whose
        self._clock = clock
        self._passed = passed
        self._told = told
        self._known = TurnedDown()
        self._complaints = Repeated(SECONDS)
        self._callers: WeakKeyDictionary[Client, tuple[Caller, str]] = WeakKeyDictionary()

    def judge(self, client: Client, host: str, port: int, hello: Hello, hidden: bool) -> Verdict:
        """What becomes of a connection to a provider's host. `hidden`: the hello hides whom it is for."""
        caller = Caller(str(client.peername[0]), normal(host), hello.form)
        provider = self._whose(host, port)
        is_known = self._known.is_unreadable(caller, self._clock())
        if provider is None or not (hidden or is_known):  # the proxy's own name is never another's
            self._callers[client] = caller, provider or ""
            return Verdict.READ
        why, faults = HIDDEN if hidden else CERTIFICATE, self._governing.faults
        if faults.unreadable == "allow" and enforced(self._governing.policy) is None:
            self._tell(caller, provider, why, PASSED)
            self._passed(self._row(caller, provider))
            return Verdict.PASS
        if hidden:
            self._tell(caller, provider, why, REFUSED)
            return Verdict.CLOSE
        self._callers[client] = (
            caller,
            provider,
        )  # it may take the next certificate; else nothing gets through
        return Verdict.READ

    def tls_established_client(self, data: TlsData) -> None:
        if (found := self._callers.get(data.context.client)) is not None:
            self._known.took(found[0])

    def tls_failed_client(self, data: TlsData) -> None:
        error = data.conn.error or ""
        found = self._callers.get(data.context.client)
        if found is None:  # it spoke TLS to the proxy itself
            address = str(data.context.client.peername[0])
            if self._complaints.tell(address, self._clock()) is not None:
                logger.warning("Client TLS handshake failed. %s, to the proxy itself: %s", address, error)
            return
        caller, provider = found
        why = reason(error)
        times = self._known.turned_down(caller, self._clock()) if why == CERTIFICATE else 1
        self._tell(caller, provider, why, FAILED, min(times, TIMES))

    def _tell(self, caller: Caller, provider: str, why: str, done: str, times: int = 1) -> None:
        """Tell of it: as often as it takes to be known for it, and then once in a while."""
        self._told(provider, why, done)
        complaint = (caller.address, caller.host, why, done, times)
        if self._complaints.tell(complaint, self._clock()) is not None:
            failed = "Client TLS handshake failed. " if done == FAILED else ""
            logger.warning(f"{failed}{MEETS[why].format(caller.host)} ({caller.address}: {COMES_TO[done]})")

    def _row(self, caller: Caller, provider: str) -> CallRecord:
        now_us = int(self._clock() * 1_000_000)
        return CallRecord(
            id=call_id(now_us),
            state="done",
            started_us=now_us,
            ended_us=now_us,
            client=caller.address,
            provider=provider,
            host=caller.host,
            operation=UNREAD,
            cost=Cost(flags=(UNREAD,)),
        )


def reason(error: str) -> str:
    """Why a handshake failed, by what the engine says of it."""
    if any(alert in error for alert in NOT_TAKEN):
        return CERTIFICATE
    return CLOSED if error.startswith("connection closed") else OTHER
