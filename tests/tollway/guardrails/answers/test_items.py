"""The items of a response: each of their texts has the key that its pieces have."""

from typing import Any

import pytest

from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.items import item_texts


@pytest.mark.parametrize(
    ("item", "texts"),
    [
        (
            {"content": [{"type": "output_text", "text": "a"}, {"type": "refusal", "refusal": "b"}]},
            [((3, "text", 0), What.TEXT, "a"), ((3, "refusal", 1), What.TEXT, "b")],
        ),
        (
            {"role": "user", "content": [{"type": "input_text", "text": "a"}, {"type": "x"}, {}]},
            [((3, "text", 0), What.TEXT, "a")],
        ),
        (
            {
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": "a"}],
                "content": [{"type": "reasoning_text", "text": "b"}],
                "encrypted_content": "c",
            },
            [((3, "reasoning", 0), What.THINKING, "b"), ((3, "summary", 0), What.THINKING, "a")],
        ),
        (
            {"type": "function_call", "name": "get", "arguments": "{}"},
            [((3, "arguments", 0), What.ARGUMENTS, "{}")],
        ),
        (
            {"type": "tool_search_call", "arguments": {"queries": ["a"]}},
            [((3, "arguments", 0, "queries", 0), What.ARGUMENTS, "a")],
        ),
        ({"type": "custom_tool_call", "input": "a"}, [((3, "input", 0), What.ARGUMENTS, "a")]),
        (
            {"type": "code_interpreter_call", "code": "a", "outputs": [{"logs": "b"}]},
            [((3, "code", 0), What.ARGUMENTS, "a"), ((3, "outputs", 0, "logs"), What.TEXT, "b")],
        ),
        (
            {"type": "shell_call", "action": {"type": "exec", "commands": ["a"]}, "status": "completed"},
            [((3, "action", "commands", 0), What.ARGUMENTS, "a")],
        ),
        ({"type": "mcp_call", "output": "a", "error": None}, [((3, "output"), What.TEXT, "a")]),
        ({"type": "image_generation_call", "result": "aGk="}, []),
        ({"content": "x", "arguments": 1, "action": 2, "input": None}, []),
    ],
)  # fmt: skip
def test_each_text_of_an_item_is_found(item: dict[str, Any], texts: list[tuple[Key, What, str]]) -> None:
    """As a whole; what is no text is none."""
    found = [*item_texts(item, 3, ("item",))]

    assert [(said.key, said.what, said.text) for said in found] == texts
    assert all(said.whole and said.path[0] == "item" for said in found)


def test_only_arguments_that_are_a_string_are_json() -> None:
    """They have the name of their tool."""
    (call,) = item_texts({"name": "get", "arguments": "{}"}, 0, ())
    (value,) = item_texts({"name": "get", "arguments": {"a": "b"}}, 0, ())

    assert (call.tool, call.json, value.tool, value.json) == ("get", True, "get", False)
