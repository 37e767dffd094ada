"""What an AWS signature covers: changing any of it makes the request invalid."""

from collections.abc import Mapping


def signed_headers(headers: Mapping[str, str]) -> frozenset[str]:
    """The lower-case names that a SigV4 or SigV4a signature covers; none for other credentials.

    `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=host;x-amz-date, Signature=...`:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    """
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    if not scheme.upper().startswith("AWS4-") or "SignedHeaders=" not in rest:
        return frozenset()
    names = rest.partition("SignedHeaders=")[2].partition(",")[0]
    return frozenset(name.strip().lower() for name in names.split(";"))
