"""Signing what a webhook gets, so that it knows whose it is, and when it was said: as Stripe does.

https://docs.stripe.com/webhooks?verify=verify-manually
"""

import hmac
from hashlib import sha256

HEADER = "X-Tollway-Signature"
TOLERANCE_SECONDS = 300
"""How old, or how far ahead, what is signed may be."""


def signature(secret: bytes, body: bytes, at: int) -> str:
    """The header's value: `t=<seconds since the epoch>,v1=<hex of HMAC-SHA256 over "t.body">`."""
    return f"t={at},v1={_mark(secret, body, at)}"


def is_signed(header: str, secret: bytes, body: bytes, now: int) -> bool:
    """Whether a body is as it was signed, lately. Never raises, whatever the header is."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at = parts.get("t", "")
    if not (at.isascii() and at.isdigit() and len(at) <= 12) or abs(now - int(at)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(
        _mark(secret, body, int(at)).encode(), parts.get("v1", "").encode("utf-8", "replace")
    )


def _mark(secret: bytes, body: bytes, at: int) -> str:
    return hmac.new(secret, b"%d." % at + body, sha256).hexdigest()
