"""A signature tells which headers it covers; other credentials cover none."""

import pytest

from tollway.identity.signature import signed_headers

SIGNED = "Credential=id/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host;X-Amz-Date, Signature=0"


@pytest.mark.parametrize(
    ("authorization", "names"),
    [
        (f"AWS4-HMAC-SHA256 {SIGNED}", {"host", "x-amz-date"}),
        (f"aws4-ecdsa-p256-sha256 {SIGNED.replace(', ', ',')}", {"host", "x-amz-date"}),
        ("AWS4-HMAC-SHA256 Credential=id, Signature=0", set()),
        (f"Bearer {SIGNED}", set()),
        ("", set()),
    ],
)
def test_the_names_come_in_lower_case(authorization: str, names: set[str]) -> None:
    assert signed_headers({"authorization": authorization}) == names
    assert signed_headers({}) == set()
