"""Mistral's OCR: as many pages as the request lists, else three."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, served, texts
from tests.simulator.scenario import Scenario

__all__ = ["ask", "error", "events", "headers", "whole"]


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, and how many pages."""
    pages = body.get("pages")
    return Asked(
        model=model_of(body, "mistral-ocr-simulated"), inputs=len(pages) if isinstance(pages, list) else 3
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """The pages, the model, and behind them how many were processed."""
    text = "".join(texts(asked, scenario))
    size = {"dpi": 200, "height": 2200, "width": 1700}
    pages = [{"index": i, "markdown": text, "images": [], "dimensions": size} for i in range(asked.inputs)]
    usage = {} if scenario.usage is None else {"pages_processed": asked.inputs, "doc_size_bytes": 40_000}
    return orjson.dumps({"pages": pages, "model": served(asked, scenario), "usage_info": usage})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """There is no such stream: the JSON in one piece."""
    return [whole(asked, scenario)]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """Mistral's own shape."""
    return orjson.dumps(
        {
            "object": "error",
            "message": scenario.message,
            "type": "invalid_file",
            "param": None,
            "code": "1500",
        }
    )


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Nothing of its own."""
    return ()
