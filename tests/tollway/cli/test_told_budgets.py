"""The budgets, told by a proxy."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.tollway.cli.test_budgets import hold
from tollway.cli import cli
from tollway.cli.told_budgets import ToldBudgets
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_ledger


def test_they_are_those_of_the_command_to_the_byte(tmp_path: Path) -> None:
    """While calls hold some of them; rates an hour are as of the second."""
    url, policy = f"sqlite:{tmp_path / 'ledger.db'}", tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Europe/Berlin\n")

    async def told() -> tuple[str, str]:
        with closing(open_ledger(url)) as ledger:
            await hold(ledger, "held")
            found = ToldBudgets(url, policy)().decode()
            words = ["budgets", "--format", "json", "--ledger", url, "--policy", str(policy)]
            return found, (await asyncio.to_thread(CliRunner().invoke, cli, words)).output

    found, printed = asyncio.run(told())

    assert found == printed
    assert '"held": "1"' in found
    assert "+01:00" in found or "+02:00" in found


def test_a_policy_that_is_wrong_by_now_leaves_the_zone_as_it_was(tmp_path: Path) -> None:
    url, policy = f"sqlite:{tmp_path / 'ledger.db'}", tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Asia/Kolkata\n")
    told = ToldBudgets(url, policy)

    async def twice() -> tuple[bytes, bytes]:
        with closing(open_ledger(url)) as ledger:
            await hold(ledger, "held")
            before = told()
            policy.write_text("version: 1\ntimezone: Mars/Olympus\n")
            return before, told()

    before, after = asyncio.run(twice())

    assert b"+05:30" in before
    assert b"+05:30" in after


def test_a_ledger_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"none\.db"):
        ToldBudgets(f"sqlite:{tmp_path / 'none.db'}", None)()
