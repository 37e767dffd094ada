"""The proxy: whether it can be reached, whether it is a Tollway, and whom it takes the client for."""

from collections.abc import Iterator

from msgspec import Struct

from tollway.diagnosis.finding import Finding, not_checked, well, wrong
from tollway.diagnosis.variables import Named
from tollway.identity.whoami import Untold, Whoami, text

PROXY, IDENTITY = "proxy", "identity"
CLOSED, NO_ANSWER = "the proxy does not let this client through", "the proxy did not answer"
NO_TOLLWAY = "the proxy is no Tollway that answers"


class Silence(Struct, frozen=True):
    """No answer to the question who asks."""

    why: Untold
    text: str
    """In a sentence, which begins with the proxy's place."""


class Contact(Struct, frozen=True, kw_only=True):
    """What came of going there."""

    unreachable: str | None = None
    """Why no connection came about, in the system's words."""
    untrusted: bool = False
    """Whether that was for the certificate that the proxy itself shows (`https://`)."""
    answer: Whoami | Silence | None = None
    """None: it was not asked."""

    @property
    def is_lost(self) -> bool:
        """Whether no connection came about."""
        silent = self.answer if isinstance(self.answer, Silence) else None
        return self.unreachable is not None or (silent is not None and silent.why is Untold.UNREACHABLE)

    @property
    def is_closed(self) -> bool:
        """Whether it opens no tunnel to this client: it does not take what the client shows, if anything."""
        return isinstance(self.answer, Silence) and self.answer.why in (Untold.REFUSED, Untold.UNSURE)

    @property
    def lets_through(self) -> bool:
        """Whether there is a Tollway, and it opens tunnels to this client."""
        return isinstance(self.answer, Whoami)


def judge(named: Named, contact: Contact) -> Iterator[Finding]:
    """What there is to say of it. `named` names a proxy."""
    if contact.is_lost:
        said = f"{named.place} can't be reached: {contact.unreachable}"
        if isinstance(contact.answer, Silence):
            said = contact.answer.text
        yield wrong(PROXY, said, _reached(named, contact))
        yield not_checked(IDENTITY, "the proxy can't be reached")
    elif isinstance(contact.answer, Whoami):
        yield well(PROXY, f"{named.place} is a Tollway")
        yield _known(named, contact.answer)
    elif contact.answer is not None:
        yield from _silent(named, contact.answer)


def why_not(contact: Contact) -> str:
    """Why nothing goes through it."""
    if contact.is_lost:
        return "the proxy can't be reached"
    if contact.is_closed:
        return CLOSED
    if isinstance(contact.answer, Silence) and contact.answer.why is Untold.LATE:
        return NO_ANSWER
    return NO_TOLLWAY


def _reached(named: Named, contact: Contact) -> str:
    if contact.untrusted:
        return "have SSL_CERT_FILE name the root of the proxy's own certificate"
    if named.local:
        return f"start it: tollway serve --listen {named.place}"
    return f"check host and port in {named.source}; ask who runs it whether it is up and open to you"


def _known(named: Named, who: Whoami) -> Finding:
    said = text(who).partition("\n")[0]
    if who.may_call:
        return well(IDENTITY, said)
    return wrong(IDENTITY, said, _shown(named))


def _shown(named: Named) -> str:
    if named.logs_in:
        return "get a token that the policy's `identity` takes; ask who runs the proxy"
    return "show it a token: export HTTPS_PROXY=" + address(named).replace("://", "://jwt:TOKEN@")


def address(named: Named) -> str:
    """The proxy's URL, without who logs in there."""
    return f"{'https' if named.secure else 'http'}://{named.place}"


def _silent(named: Named, silence: Silence) -> Iterator[Finding]:
    match silence.why:
        case Untold.REFUSED:
            yield well(PROXY, f"{named.place} answers")
            yield wrong(IDENTITY, silence.text, _shown(named))
        case Untold.UNSURE:
            yield well(PROXY, f"{named.place} answers")
            yield wrong(IDENTITY, silence.text, "try again; if it stays so, the proxy's log says why")
        case Untold.LATE:
            yield wrong(PROXY, silence.text, "ask who runs it; --timeout 30 waits longer")
            yield not_checked(IDENTITY, NO_ANSWER)
        case _:
            yield wrong(PROXY, silence.text, f"have {named.source} name a Tollway (`tollway serve`)")
            yield not_checked(IDENTITY, NO_TOLLWAY)
