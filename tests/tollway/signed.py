"""A request to AWS, signed as its SDKs do (SigV4), and the check that AWS makes of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from tests.simulator import Seen

KEY, SECRET = "AKIDSIMULATED", "simulated"
DAY, TIME, SCOPE = "20261124", "20261124T120000Z", "20261124/us-east-1/bedrock/aws4_request"


def signed_lines(host: str, path: str, body: bytes, **others: str) -> list[str]:
    """The header lines of a signed POST, without those of its length; `others` are covered, too."""
    headers = {
        "host": host,
        "content-type": "application/json",
        "x-amz-date": TIME,
        **{name.replace("_", "-"): value for name, value in others.items()},
    }
    names = ";".join(sorted(headers))
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={KEY}/{SCOPE}, SignedHeaders={names}, "
        f"Signature={signature(path, headers, body)}"
    )
    sent = {**headers, "authorization": authorization}
    return [f"{name}: {value}" for name, value in sent.items() if name not in ("host", "content-type")]


def is_as_signed(seen: Seen) -> bool:
    """Whether nothing that the signature covers was changed on the way."""
    authorization = seen.header("authorization") or ""
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: seen.header(name) or "" for name in names}
    return authorization.endswith(f"Signature={signature(seen.path, headers, seen.raw)}")


def signature(path: str, headers: Mapping[str, str], body: bytes) -> str:
    """Of a POST with these headers and no query."""
    lines = [f"{name}:{value.strip()}" for name, value in sorted(headers.items())]
    names = ";".join(sorted(headers))
    request = "\n".join(["POST", quote(path), "", *lines, "", names, sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", TIME, SCOPE, sha256(request.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in SCOPE.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
