"""Queries as texts."""

import json
from typing import Any

import pytest

from tollway.wire.query_text import query_text


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages?", "/?"])
def test_no_query_says_nothing(path: str) -> None:
    assert query_text(path) == b""


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("beta=true", {"beta": ["true"]}),
        ("a=1&a=blue%62ird+x&b=", {"a": ["1", "bluebird x"], "b": [""]}),
        ("bluebird", {"bluebird": [""]}),
        ("q=a?b=c", {"q": ["a?b=c"]}),
        ("q=%ff", {"q": ["\ufffd"]}),
        (
            "key=bluebird&page_token=bluebird&access_token=x",
            {"key": [""], "page_token": ["bluebird"], "access_token": [""]},
        ),
    ],
)
def test_each_value_is_there_but_for_credentials(query: str, said: Any) -> None:
    """Gemini's key is in the query, for one."""
    assert json.loads(query_text("/v1/messages?" + query)) == {"query": said}
