"""Only HTTP is spoken, directly, and only with whom was asked for (`observe.post` has more on it)."""

import urllib.error
from pathlib import Path

import pytest

from tollway.directly import opener


@pytest.mark.parametrize("scheme", ["file", "ftp", "data"])
def test_nothing_but_http_is_opened(scheme: str, tmp_path: Path) -> None:
    """Whoever can write an address shall not read this machine's files."""
    (tmp_path / "file").write_text("inner")
    url = f"{scheme}://{tmp_path}/file" if scheme != "data" else "data:text/plain,inner"

    with pytest.raises(urllib.error.URLError, match="unknown url type"):
        opener().open(url, timeout=1)
