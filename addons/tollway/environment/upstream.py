"""The proxy that a program's environment leads to."""

import base64
import os
import ssl
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from tollway.ca.roots import system_roots
from tollway.identity.virtual_key import shown

KEYS = (
    "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY", "GOOGLE_API_KEY",
)  # fmt: skip
"""Variables in which programs look for a provider's key."""
PORTS = {"http": 80, "https": 443}


class Upstream(Struct, frozen=True, kw_only=True):
    """A proxy, as its URL names it."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = ""

    @property
    def place(self) -> str:
        """Its host and port, as they may be shown."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def credentials(self) -> str | None:
        """What its URL has a client show to it (`Proxy-Authorization`); None: nothing."""
        if self.user is None:
            return None
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def __repr__(self) -> str:
        """Without who logs in there."""
        return f"Upstream({self.scheme}://{self.place})"


def named(environment: Mapping[str, str]) -> str | None:
    """The URL that HTTPS_PROXY has, if it has one."""
    return environment.get("HTTPS_PROXY") or environment.get("https_proxy") or None


def key_of_tollways(environment: Mapping[str, str]) -> str | None:
    """The key that programs would show in the place of a provider's, if it is one that Tollway gave out."""
    values = (environment.get(name, "") for name in KEYS)
    return next((value for value in values if shown({"x-api-key": value}, "") == value), None)


def upstream(url: str) -> Upstream:
    """The proxy at a URL; one without a scheme is one of `http://`, as curl has it.

    ValueError says what is wrong, and quotes nothing: what stands there may be a token.
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError:
        raise ValueError("it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT") from None
    if parts.scheme not in PORTS:
        raise ValueError("it is no http:// or https:// proxy")
    if not parts.hostname:
        raise ValueError("it names no host")
    return Upstream(
        scheme=parts.scheme,
        host=parts.hostname,
        port=PORTS[parts.scheme] if port is None else port,
        user=None if parts.username is None else unquote(parts.username),
        password=unquote(parts.password or ""),
    )


def why_not(error: OSError) -> str:
    """Why it can't be reached, in the system's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if error.errno is not None and error.errno > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno)  # asyncio has words of its own
    return error.strerror or str(error)


def trust(environment: Mapping[str, str]) -> ssl.SSLContext:
    """What an `https://` proxy's certificate is checked by: the user's own roots (SSL_CERT_FILE), else the
    system's. OSError: they can't be read."""
    return ssl.create_default_context(cafile=environment.get("SSL_CERT_FILE") or str(system_roots()))
