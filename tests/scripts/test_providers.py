"""The README's tables of providers say what `providers.yaml` says."""

from scripts.providers import BEGIN, END, README, priced, provider, text, written
from tollway.providers.load import package_table
from tollway.providers.schema import Row

ROWS = {row.name: row for row in package_table().providers}


def test_the_readme_has_the_tables_as_they_are_now() -> None:
    """Else: .venv/bin/python scripts/providers.py"""
    readme = README.read_text("utf-8")

    assert readme.count(BEGIN) == readme.count(END) == 1
    assert written(readme) == readme


def test_every_provider_has_a_row() -> None:
    lines = text().splitlines()

    assert all(any(line.startswith(f"| {name} |") for line in lines) for name in ROWS)


def test_a_row_tells_what_is_metered_what_only_recorded_and_what_to_know() -> None:
    row = Row.model_validate(
        {
            "name": "openrouter",
            "hosts": ["llm.example"],
            "serves": [{"at": ["/v1"], "set": "openai"}],
            "paths": {
                "/chat": {"operation": "chat", "dialect": "anthropic_messages"},
                "/draw": {"operation": "images"},
                "/files": "pass",
            },
            "ask_usage": True,
            "bills_on": True,
            "note": "says its cost",
        }
    )

    assert provider(row) == (
        "openrouter", "openai", "`anthropic_messages`", "chat", "images", "openrouter, openai, anthropic",
        "says its cost; Chat streams are asked for usage; bills on when a client leaves",
    )  # fmt: skip


def test_prices_are_of_a_list_or_the_dearest_or_notional_or_none() -> None:
    said = {name: priced(ROWS[name]) for name in ("openai", "volcengine", "chatgpt", "ollama")}

    assert said == {
        "openai": "openai",
        "volcengine": "dearest known, flagged",
        "chatgpt": "notional: openai",
        "ollama": "nothing is billed per call",
    }
