"""Sizes of texts and files, as a policy says them."""

import pytest

from tollway.policy.size import parse, parse_total, written


@pytest.mark.parametrize(
    ("text", "size"), [("1 B", 1), ("500 KB", 500_000), ("4 MB", 4_000_000), ("64MB", 64_000_000)]
)
def test_a_size_is_bytes_or_thousands_of_them(text: str, size: int) -> None:
    assert parse(text) == size
    assert parse(written(size)) == size


@pytest.mark.parametrize(
    "value", ["", "1", "0 MB", "65 MB", "1 GB", "1.5 MB", "-1 MB", "1  MB", 1_000_000, None]
)
def test_nothing_else_is_one(value: object) -> None:
    with pytest.raises(ValueError, match="write a size as 500 KB or 4 MB"):
        parse(value)


@pytest.mark.parametrize(
    ("text", "size"), [("1 MB", 1_000_000), ("500MB", 500_000_000), ("4 GB", 4 * 10**9), ("1000 GB", 10**12)]
)
def test_a_files_size_is_larger(text: str, size: int) -> None:
    assert parse_total(text) == size


@pytest.mark.parametrize("value", ["", "1", "0 GB", "900 KB", "1001 GB", "1.5 GB", "1 TB", 10**9, None])
def test_no_file_has_another(value: object) -> None:
    with pytest.raises(ValueError, match="write a size as 500 MB or 4 GB"):
        parse_total(value)
