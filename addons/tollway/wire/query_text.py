"""What a request's query says, to be looked through as its body is."""

from urllib.parse import parse_qsl

import orjson

from tollway.identity.credential import is_secret


def query_text(path: str) -> bytes:
    """`{"query": {name: [values]}}`, without values that are credentials of the call; empty: it has none."""
    query = path.partition("?")[2]
    if not query:
        return b""
    said: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        said.setdefault(name, []).append("" if is_secret(name) else value)
    return orjson.dumps({"query": said})
