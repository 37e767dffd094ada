"""The file of answers for the command line: what is wrong with it is told."""

from contextlib import closing
from pathlib import Path

import pytest

from tollway.cache.fault import CacheError
from tollway.cache.shelf import SqliteShelf
from tollway.caching.store import Which


def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    path.write_bytes(b"x" * 5000)

    with closing(SqliteShelf(path)) as shelf:
        with pytest.raises(CacheError, match="no SQLite database"):
            shelf.stats(0)
        with pytest.raises(CacheError, match="no SQLite database"):
            shelf.clear(Which())
