"""A source is known by its place, and found by its issuer."""

import pytest

from tollway.identity.source import Tokens, of_issuer
from tollway.identity.verify import Issuer

HERE, THERE = "https://here.example/", "https://there.example/"


def source(issuer: str, header: str | None = None) -> Tokens:
    return Tokens(issuer=Issuer(issuer=issuer, audiences=("a",)), jwks=None, names={}, header=header)


@pytest.mark.parametrize(("header", "kind"), [(None, "proxy_jwt"), ("x-token", "header_jwt")])
def test_the_ledger_tells_where_a_token_stood(header: str | None, kind: str) -> None:
    assert source(HERE, header).kind == kind


def test_the_issuer_picks_the_source_to_the_character() -> None:
    sources = [source(HERE), source(THERE)]

    assert of_issuer(sources, THERE) is sources[1]
    for other in (THERE[:-1], THERE.upper(), "", None, 7, [THERE]):
        assert of_issuer(sources, other) is None
