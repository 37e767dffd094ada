"""Whose calls are, in Python and in the table: both say the same."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.samples import call
from tollway.ledger.connect import connect
from tollway.ledger.owner import owner
from tollway.ledger.row import UPSERT, row_of
from tollway.model import Identity


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (Identity(user="ann", service="ci", verified=True), "user ann"),
        (Identity(user="", verified=True), "user "),
        (Identity(service="ci", team="t", verified=True), "service ci"),
        (Identity(team="t", verified=True), "address 10.0.0.1"),
        (Identity(user="ann", service="ci"), "address 10.0.0.1"),
        (Identity(), "address 10.0.0.1"),
    ],
)
def test_a_name_counts_where_somebody_vouches_for_it(tmp_path: Path, who: Identity, said: str) -> None:
    known: dict[str, Any] = {
        "user": who.user,
        "service": who.service,
        "team": who.team,
        "verified": who.verified,
    }
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.execute(UPSERT, row_of(call(client="10.0.0.1", **known), "p"))
        ((in_table,),) = db.execute("SELECT owner FROM calls")

    assert owner(who, "10.0.0.1") == said == in_table
