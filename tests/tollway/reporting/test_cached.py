"""The answers that are kept, as text and as JSON."""

from tollway.caching.store import Share
from tollway.reporting.cached import as_json, as_text

ONE = Share(
    rule="vectors", scope="company", provider="openai", model="text-embedding-3-small", answers=12,
    size=34_000, hits=300, saved_nano=1_500_000_000,
)  # fmt: skip
OTHER = Share(
    rule="r", scope="user a\x1b[2J", provider="mistral", model=None, answers=1, size=9, hits=0, saved_nano=0
)


def test_a_line_for_each_and_their_total() -> None:
    assert as_text([ONE, OTHER]).splitlines() == [
        "rule     scope       provider  model                   answers  bytes  hits  saved_usd",
        "vectors  company     openai    text-embedding-3-small       12  34000   300        1.5",
        "r        user a\ufffd[2J  mistral   -                             1      9     0          0",
        "total    -           -         -                            13  34009   300        1.5",
    ]


def test_json_has_figures_in_full() -> None:
    assert as_json([ONE], "/x/c.db", 65_536) == {
        "file": "/x/c.db",
        "file_bytes": 65_536,
        "answers": [
            {
                "rule": "vectors", "scope": "company", "provider": "openai",
                "model": "text-embedding-3-small", "answers": 12, "bytes": 34_000, "hits": 300,
                "saved_usd": "1.5",
            }
        ],
        "total": {"answers": 12, "bytes": 34_000, "hits": 300, "saved_usd": "1.5"},
    }  # fmt: skip
