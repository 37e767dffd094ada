"""The user name and password of one forwarder, so that others on the machine can't borrow the identity."""

import base64
import binascii
import hmac
import secrets

USER = "tollway"


class Login:
    """Made at random; the one program that is to use it has it in its environment."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(24)

    def url(self, host: str, port: int) -> str:
        """What HTTPS_PROXY is set to."""
        return f"http://{USER}:{self._password}@{host}:{port}"

    def admits(self, shown: str | None) -> bool:
        """Whether a `Proxy-Authorization` shows it (RFC 7617)."""
        scheme, _, text = (shown or "").strip().partition(" ")
        try:
            given = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        own = f"{USER}:{self._password}".encode()
        return hmac.compare_digest(given, own) and scheme.lower() == "basic"

    def __repr__(self) -> str:
        """Without the password."""
        return "Login()"
