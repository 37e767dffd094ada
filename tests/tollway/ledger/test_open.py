"""What the URL of a ledger may be."""

from contextlib import closing
from pathlib import Path

import pytest

from tollway.ledger.fault import LedgerError
from tollway.ledger.open import open_books, open_ledger, path_of


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:/a/b.db", "/a/b.db"),
        ("sqlite:///a/b.db", "/a/b.db"),
        ("sqlite:b c%20.db", str(Path.cwd() / "b c%20.db")),
        ("sqlite:~/b.db", str(Path.home() / "b.db")),
    ],
)
def test_paths_are_absolute(url: str, path: str) -> None:
    """As the user's shell would read them."""
    assert str(path_of(url)) == path


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://:pass@host/0?timeout=soon", "ledger redis: timeout 'soon' must be seconds"),
        ("/a/b.db", "ledger /a/b.db: write it as sqlite:PATH, as in sqlite:/"),
        ("sqlite", "ledger sqlite: write it as sqlite:PATH"),
        ("sqlite:", "ledger sqlite:: name a file"),
        ("sqlite:/tmp/", "name a file"),
        ("sqlite::memory:", "name a file"),
    ],
)
def test_what_is_no_ledger_says_how_to_write_one(url: str, said: str) -> None:
    """And never repeats a password."""
    with pytest.raises(LedgerError) as caught:
        open_ledger(url)

    assert said in str(caught.value)
    assert "pass@" not in str(caught.value)


def test_a_ledger_is_made_to_write_not_to_read(tmp_path: Path) -> None:
    """With the folders it lies in."""
    url = f"sqlite:{tmp_path / 'deep' / 'down' / 'ledger.db'}"

    with pytest.raises(LedgerError, match="there is no such file"):
        open_books(url)
    with closing(open_ledger(url)), closing(open_books(url)) as books:
        assert list(books.calls()) == []
