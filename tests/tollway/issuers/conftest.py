"""What the tests of issuers have in common."""

from collections.abc import Iterator

import pytest

from tests.tollway.issuers.provider import Provider, providing


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An identity provider."""
    with providing() as found:
        yield found
