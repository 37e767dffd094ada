"""Callers who show who they are: policies that know them by an identity provider, and its tokens."""

import base64
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from tests.tollway.identity.issuer import rsa_key, signed
from tests.tollway.issuers.provider import Provider
from tests.tollway.road import Road
from tollway import clock
from tollway.identity import virtual_key
from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.open import open_keys

Roads = Callable[..., AbstractAsyncContextManager[Road]]
"""Makes proxies of a policy."""


def proxy_jwt(provider: Provider, more: str = "") -> str:
    """A policy that knows callers by what they show to the proxy."""
    return f"""
identity: [{{proxy_jwt: {{issuer: "{provider.issuer}", audience: tollway}}}}]
claims: {{user: email, team: "groups[0]", cost_center: department}}
{more}"""


def header_jwt(provider: Provider, header: str = "cf-access-jwt-assertion", more: str = "") -> str:
    """A policy that knows callers by a gateway's header."""
    said = f"{{header: {header}, issuer: {provider.issuer!r}, audience: tollway}}"
    return f"identity: [{{header_jwt: {said}}}]\nclaims: {{user: email}}\n{more}"


def token(provider: Provider, key: str = "a", **claims: object) -> str:
    """A token of Ann's; a claim that is None is left out."""
    now = int(clock.now())
    said = {
        "iss": provider.issuer, "aud": "tollway", "exp": now + 600, "iat": now,
        "email": "ann@example.com", "groups": ["search"], "department": "4711", **claims,
    }  # fmt: skip
    kept = {name: value for name, value in said.items() if value is not None}
    return signed(kept, rsa_key(key), header={"kid": key})


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def forged(provider: Provider) -> str:
    return signed(
        {"iss": provider.issuer, "aud": "tollway", "exp": 2**40}, rsa_key("evil"), header={"kid": "a"}
    )


def given(road: Road, **who: object) -> str:
    """A key of Tollway's."""
    text = virtual_key.made(os.urandom(32))
    keys = open_keys(road.ledger_url)
    keys.add(VirtualKey(digest=virtual_key.digest(text), created_us=clock.now_us(), **who))  # type: ignore[arg-type]
    keys.close()
    return text
