"""OpenAI's response object and the items in it."""

from typing import Any

from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked, served, texts, thoughts
from tests.simulator.dialects.openai_usage import responses_usage
from tests.simulator.scenario import Scenario

MESSAGE = "msg_" + NUMBER


def response(asked: Asked, scenario: Scenario, status: str) -> dict[str, Any]:
    """The object as it is while in progress (no output, no usage) and at its end."""
    ended = status != "in_progress"
    answer = {
        "id": "resp_" + NUMBER, "object": "response", "created_at": CREATED, "status": status,
        "background": False, "completed_at": CREATED + 1 if ended else None, "error": None,
        "frequency_penalty": 0.0, "incomplete_details": None, "instructions": None,
        "max_output_tokens": None, "max_tool_calls": None, "model": served(asked, scenario),
        "output": output(asked, scenario) if ended else [], "parallel_tool_calls": True,
        "presence_penalty": 0.0, "previous_response_id": None, "prompt_cache_key": None,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": None, "service_tier": _tier(scenario, ended), "store": True, "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"}, "tool_choice": "auto", "tools": [],
        "top_logprobs": 0, "top_p": 1.0, "truncation": "disabled",
        "usage": responses_usage(scenario.usage) if ended else None, "user": None, "metadata": {},
    }  # fmt: skip
    if ended and scenario.usage is not None and scenario.usage.web_searches is not None:
        answer["tool_usage"] = _tool_usage(scenario.usage.web_searches)
    if status == "incomplete":
        answer["incomplete_details"] = {"reason": "max_output_tokens"}
    if status == "failed":
        answer["error"] = {"code": "server_error", "message": scenario.message}
    return answer


def output(asked: Asked, scenario: Scenario) -> list[dict[str, Any]]:
    """The finished items: reasoning, searches, message."""
    items = [reasoning(scenario)] if scenario.thinking else []
    searches = scenario.usage.count("web_searches") if scenario.usage else 0
    items += [search(i) for i in range(searches)]
    return [*items, message(asked, scenario)]


def reasoning(scenario: Scenario, *, done: bool = True) -> dict[str, Any]:
    """A reasoning item with its summary."""
    summary = [{"type": "summary_text", "text": "".join(thoughts(scenario))}] if done else []
    return {"id": "rs_" + NUMBER, "type": "reasoning", "summary": summary}


def search(i: int, *, done: bool = True) -> dict[str, Any]:
    """A call of the built-in web search."""
    status = "completed" if done else "in_progress"
    action = {"type": "search", "query": f"simulated {i + 1}"}
    return {"id": f"ws_{NUMBER}{i:02d}", "type": "web_search_call", "status": status, "action": action}


def message(asked: Asked, scenario: Scenario, *, done: bool = True) -> dict[str, Any]:
    """The message item."""
    content = [part("".join(texts(asked, scenario)))] if done else []
    status = "completed" if done else "in_progress"
    return {"id": MESSAGE, "type": "message", "status": status, "content": content, "role": "assistant"}


def part(text: str) -> dict[str, Any]:
    """A text part of a message."""
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def _tier(scenario: Scenario, ended: bool) -> str:
    tier = scenario.usage.tier if scenario.usage else None
    return (tier or "default") if ended else "auto"


def _tool_usage(searches: int) -> dict[str, Any]:
    details = {"image_tokens": 0, "text_tokens": 0}
    images = {"input_tokens": 0, "input_tokens_details": details, "output_tokens": 0, "total_tokens": 0}
    return {"image_gen": images, "web_search": {"num_requests": searches}}
