"""Which calls were merged."""

from contextlib import closing
from pathlib import Path

from tollway.ledger.connect import connect
from tollway.ledger.cutting.known import begin_another, generation, merged_ones


def test_calls_that_are_in_merged_rows_are_known(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.executemany("INSERT INTO cut VALUES (?, 1)", [("a",), ("b",)])

        assert merged_ones(db, ["a", "c"]) == {"a"}
        assert merged_ones(db, []) == frozenset()


def test_another_merge_is_another_generation(tmp_path: Path) -> None:
    """Until nobody merged for so long that it is forgotten."""
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        found = [generation(db)]
        for now_us in (1, 2):
            begin_another(db, now_us)
            found.append(generation(db))
        db.execute("DELETE FROM notes")

        assert found == [None, "1", "2"]
        assert generation(db) is None
