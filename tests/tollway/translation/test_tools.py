"""Tools that the caller runs are functions."""

from typing import Any

import pytest

from tollway.translation.refused import Refused
from tollway.translation.tools import functions

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}
READ = {"name": "read", "description": "Reads.", "input_schema": SCHEMA}
FUNCTION = {
    "type": "function",
    "function": {"name": "read", "description": "Reads.", "parameters": SCHEMA},
}


def test_a_tool_is_a_function_without_what_only_tunes_what_is_shown_when() -> None:
    marks = {"cache_control": {"type": "ephemeral"}, "defer_loading": True, "eager_input_streaming": True}
    tool = READ | marks | {"type": "custom", "allowed_callers": ["direct"]}

    assert functions({"tools": [tool]}) == {"tools": [FUNCTION]}
    assert functions({"tools": [{"name": "f", "input_schema": {}, "strict": True}]}) == {
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}, "strict": True}}]
    }


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (None, {}),
        ({"type": "auto"}, {"tool_choice": "auto"}),
        ({"type": "any"}, {"tool_choice": "required"}),
        ({"type": "none"}, {"tool_choice": "none"}),
        (
            {"type": "tool", "name": "read", "disable_parallel_tool_use": True},
            {"tool_choice": {"type": "function", "function": {"name": "read"}}, "parallel_tool_calls": False},
        ),
        ({"type": "auto", "disable_parallel_tool_use": False}, {"tool_choice": "auto"}),
    ],
)
def test_the_choice_among_them_has_a_counterpart(choice: Any, wanted: dict[str, Any]) -> None:
    assert functions({"tools": [READ], "tool_choice": choice}) == {"tools": [FUNCTION], **wanted}


def test_without_tools_there_is_nothing_to_choose() -> None:
    assert functions({"tools": [], "tool_choice": {"type": "auto"}}) == {}
    assert functions({}) == {}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            {"tools": [{"type": "web_search_20250305", "name": "s"}]},
            "web_search_20250305 is the provider's own",
        ),
        ({"tools": [{"type": "bash_20250124", "name": "bash"}]}, "bash_20250124 is the provider's own"),
        (
            {"tools": [READ | {"input_examples": [{}]}]},
            "tools: input_examples: OpenAI Chat has nothing like it",
        ),
        ({"tools": [READ | {"allowed_callers": ["code_execution_20250825"]}]}, "allowed_callers"),
        ({"tools": [{"name": "f"}]}, "tools: input_schema: it is no object"),
        ({"tools": ["f"]}, "tools: it is no object"),
        ({"tools": {}}, "tools: it is no list"),
        ({"tools": [READ], "tool_choice": {"type": "some"}}, "tool_choice: some is not known"),
        ({"tools": [READ], "tool_choice": {"type": "auto", "x": 1}}, "tool_choice.x"),
        ({"tools": [READ], "tool_choice": "auto"}, "tool_choice: it is no object"),
    ],
)
def test_what_the_caller_does_not_run_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        functions(body)
