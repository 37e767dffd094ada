"""PEM text of certificates."""

import base64
import binascii
import re

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
_BLOCK = re.compile(_BEGIN + rb"\s([A-Za-z0-9+/=\s]+)" + _END)


def decode(text: bytes) -> list[bytes]:
    """The certificates (DER) in PEM text, in their order; what is no certificate is skipped."""
    found = []
    for match in _BLOCK.finditer(text):
        try:
            found.append(base64.b64decode(b"".join(match[1].split()), validate=True))
        except binascii.Error:
            continue
    return found


def encode(der: bytes) -> bytes:
    """One certificate in PEM."""
    text = base64.b64encode(der)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return b"\n".join([_BEGIN, *lines, _END, b""])
