"""Names that leave it to the provider which model runs."""

import pytest

from tollway.access.chosen import CHOOSES, TABLES, is_chosen
from tollway.bound.grammar import table_of
from tollway.wire import DIALECTS


@pytest.mark.parametrize("name", ["openrouter/auto", "auto", "x/auto", "model-router-2", "a/prompt-router/b"])
def test_a_routers_names_are_known(name: str) -> None:
    assert is_chosen([name])


def test_a_models_name_is_none() -> None:
    assert not is_chosen(["gpt-5", "openai/gpt-5"])


def test_every_table_that_knows_a_router_is_asked() -> None:
    tables = {dialect: table_of(dialect) for dialect in DIALECTS}
    knowing = {name for name, table in tables.items() if table and CHOOSES in table.models.values()}

    assert knowing == set(TABLES)
