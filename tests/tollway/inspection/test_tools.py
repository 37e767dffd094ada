"""`tollway.inspection.tools`: the names of the tools that a model is offered."""

from typing import Any

import pytest

from tollway.inspection.tools import MOST, tools


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (
            {"tools": [{"type": "function", "function": {"name": "a"}}, {"type": "function", "name": "b"}]},
            "a b",
        ),
        (
            {"tools": [{"name": "c", "input_schema": {}}, {"type": "web_search"}, {"server_label": "mcp"}]},
            "c web_search mcp",
        ),
        (
            {"tools": [{"functionDeclarations": [{"name": "d"}, {"name": 1}, "x"]}, {"googleSearch": {}}]},
            "d googleSearch",
        ),
        ({"toolConfig": {"tools": [{"toolSpec": {"name": "e"}}]}}, "e"),
        ({"tools": ["x", {}]}, ""),
        ({"tools": "x"}, ""),
    ],
)
def test_names(body: dict[str, Any], names: str) -> None:
    """Each dialect declares them otherwise."""
    assert tools(body) == tuple(names.split())


def test_only_so_many_are_kept() -> None:
    """Agents offer some dozens."""
    declared = [{"name": f"t{n}"} for n in range(MOST)]

    assert (
        len(tools({"tools": [{"functionDeclarations": declared}, {"functionDeclarations": declared}]}))
        == MOST
    )
