"""Dialects are known by the names that the provider table gives them."""

from typing import get_args

from tollway.providers.schema import DialectName
from tollway.wire import DIALECTS


def test_each_dialect_of_the_provider_table_is_here() -> None:
    assert set(DIALECTS) == set(get_args(DialectName))
