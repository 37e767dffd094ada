"""What the proxy shows for a provider's host, and whether the host answers through it."""

import asyncio
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from cryptography import x509
from cryptography.x509.oid import NameOID

from tollway.ca.make import ORGANIZATION
from tollway.diagnosis.certificates import Presented
from tollway.diagnosis.path import Visit
from tollway.diagnosis.provider import Answered
from tollway.directly import USER_AGENT
from tollway.environment.upstream import why_not
from tollway.symptoms.tunnel import NoTunnel, Way, status_of, unchecked

_ISSUER = re.compile(r"Tollway Issuer ([0-9a-f]{8})-\d+")
LATE, NO_ANSWER = "no answer in time", "the connection ended without an answer"


async def visit(way: Way, host: str, seconds: float, now: Callable[[], float]) -> Visit:
    """Look at the certificate that is shown for a host, and ask it for its root's head: no call, no key."""
    shown = Presented(host=host, failure=LATE)
    try:
        async with asyncio.timeout(seconds), way.tunnel(host, unchecked()) as inside:
            shown = presented(host, inside.certificate)
            sent = now()
            head = await inside.ask(_head(host))
            status = status_of(head)
            answered = Answered(host=host, status=status, failure=None if status else NO_ANSWER)
            return Visit(presented=shown, answered=answered, skew=_skew(head, (sent + now()) / 2))
    except TimeoutError:
        why, wants_login = LATE, False
    except OSError as error:
        why = why_not(error)
        wants_login = isinstance(error, NoTunnel) and error.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    if shown.failure is not None:
        shown = Presented(host=host, failure=why)
    return Visit(presented=shown, answered=Answered(host=host, failure=why), wants_login=wants_login)


def presented(host: str, certificate: bytes) -> Presented:
    """What the certificate (DER) of a connection's other end says, which nobody has checked."""
    leaf = x509.load_der_x509_certificate(certificate)
    names = [each.value for each in leaf.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)]
    organizations = [each.value for each in leaf.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    ours = _ISSUER.fullmatch(str(names[0])) if names and ORGANIZATION in organizations else None
    return Presented(
        host=host,
        authority=ours[1] if ours else None,
        issuer="".join(filter(str.isprintable, leaf.issuer.rfc4514_string()))[:100] or "nobody",
        begins=leaf.not_valid_before_utc,
        ends=leaf.not_valid_after_utc,
    )


def _head(host: str) -> bytes:
    return (
        f"HEAD / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {USER_AGENT}\r\nConnection: close\r\n\r\n".encode()
    )


def _skew(head: bytes, now: float) -> float | None:
    found = re.search(rb"(?im)^date:[ \t]*([^\r\n]+)", head)
    if found is None:
        return None
    try:
        return now - parsedate_to_datetime(found[1].decode("latin-1")).timestamp()
    except ValueError:
        return None
