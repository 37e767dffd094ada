"""The folder of recorded exchanges, and what one of them carried, as a network would have brought it."""

import base64
import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

FOLDER = Path(os.environ.get("TOLLWAY_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")
FILE = FOLDER / "exchanges.jsonl.gz"
ABSENT = (
    f"NO RECORDED EXCHANGES: looked for {FILE} (the folder shared/corpus beside the repository, or where"
    " TOLLWAY_CORPUS says)"
)


class Recorded(NamedTuple):
    """One line of the file."""

    n: int
    """The line's number, from 0."""
    row: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.n}: {self.method} {self.host}{self.path} ({self.row['cassette']})"

    @property
    def method(self) -> str:
        return str(self.row["method"]).upper()

    @property
    def host(self) -> str:
        return urlsplit(self.row["uri"]).hostname or ""

    @property
    def path(self) -> str:
        """As it was sent: percent-coded, without the query."""
        return str(urlsplit(self.row["uri"]).path)

    @property
    def parts(self) -> list[str]:
        """The path's parts, decoded; a coded slash stays within its part."""
        return [unquote(part) for part in self.path.split("/")[1:]]

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.row["uri"]).query)

    @property
    def status(self) -> int:
        return int(self.row["status"])

    @property
    def headers(self) -> dict[str, str]:
        """The answer's, by their lower-case names."""
        return {name.lower(): values[0] for name, values in self.row["response_headers"].items()}

    @property
    def asked(self) -> dict[str, Any]:
        """The request's JSON object; empty for what is none."""
        found = self.row["request"]
        if isinstance(found, str):
            try:
                found = json.loads(found)
            except ValueError:
                return {}
        return found if isinstance(found, dict) else {}

    @property
    def answer(self) -> bytes:
        """The answer's body. What was recorded as parsed JSON is written again."""
        found = self.row["response"]
        if isinstance(found, str):
            return found.encode()
        if isinstance(found, dict) and "base64" in found:
            return base64.b64decode(found["base64"])
        return json.dumps(found).encode()


@cache
def exchanges() -> tuple[Recorded, ...]:
    """All of them, in the file's order; none where the folder is absent."""
    if not FILE.exists():
        return ()
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return tuple(Recorded(n, json.loads(line)) for n, line in enumerate(lines))
