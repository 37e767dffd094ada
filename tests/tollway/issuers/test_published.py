"""An issuer's keys are read from where it says, or from where the operator says."""

from itertools import count
from pathlib import Path

import pytest

from tests.tollway.issuers.provider import KEYS, WELL_KNOWN, Provider
from tollway.identity.keys import LARGEST
from tollway.issuers.published import Published, published


def kids(found: Published | str) -> list[str | None]:
    assert isinstance(found, Published), found
    return [key.kid for key in found.keys.keys]


def test_the_issuers_own_document_leads_to_them(provider: Provider) -> None:
    provider.headers = {"cache-control": "max-age=77"}
    found = published(provider.issuer)

    assert kids(found) == ["a", "e"]
    assert isinstance(found, Published)
    assert found.max_age == 77
    assert provider.asked == [WELL_KNOWN, KEYS]


def test_its_two_documents_have_one_time_together(provider: Provider) -> None:
    """A clock that is looked at is a second further: nothing is left of five for the second."""
    seconds = count()

    found = published(provider.issuer, clock=lambda: float(next(seconds)))

    assert isinstance(found, str)
    assert "it took longer than" in found


def test_an_address_of_the_operators_goes_before_it(provider: Provider) -> None:
    assert kids(published("https://unreachable.example", provider.jwks)) == ["a", "e"]
    assert provider.asked == [KEYS]


def test_a_file_is_read_often(provider: Provider, tmp_path: Path) -> None:
    """It may be replaced at any time."""
    path = tmp_path / "keys.json"
    path.write_bytes(provider.keys)
    found = published("https://unreachable.example", str(path))

    assert kids(found) == ["a", "e"]
    assert isinstance(found, Published)
    assert found.max_age == 0


def test_what_is_wrong_is_said_with_its_place(provider: Provider, tmp_path: Path) -> None:
    missing, broken = tmp_path / "missing.json", tmp_path / "broken.json"
    broken.write_bytes(b" " * (LARGEST + 9))
    said = provider.said

    assert published("i", str(missing)) == f"{missing}: No such file or directory"
    assert published("i", str(broken)) == f"{broken}: it has {LARGEST + 1} bytes, {LARGEST} at most are read"
    assert (
        published("i", "http://keys.example.com/") == "http://keys.example.com/: keys are taken by https only"
    )
    provider.said = b"[]"
    assert published(provider.issuer) == f"{provider.issuer}{WELL_KNOWN}: it is no JSON object"
    provider.said, provider.keys = said, b"<html>"
    assert published(provider.issuer) == f"{provider.jwks}: it is no JSON"
    provider.status = 500
    assert published(provider.issuer) == f"{provider.issuer}{WELL_KNOWN}: it answered with status 500"
    assert published("i", provider.jwks) == f"{provider.jwks}: it answered with status 500"


@pytest.mark.parametrize("issuer", ["https://", "nonsense"])
def test_an_issuer_that_is_no_address_has_none(issuer: str) -> None:
    assert isinstance(published(issuer), str)
