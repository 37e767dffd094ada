"""What Groq's compound systems say of themselves: the models that they used, and what they ran."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Portion, Report, Usage
from tollway.wire.counts import part, text
from tollway.wire.openai_usage import summed, usage_of

_SEARCH = "search"


def with_compound(report: Report, before: Report, message: Mapping[str, Any]) -> Report:
    """The report with each model's share, and the searches that came so far; as it is, if it is no compound.

    `before`: what was known before this message. A search is told once it has its output.
    """
    breakdown = part(message, "usage_breakdown") or part(part(message, "x_groq"), "usage_breakdown")
    portions = tuple(_portions(breakdown.get("models"))) or report.portions
    searched = sum(_is_search(tool) for tool in _executed(message)) + _searches(before.usage)
    if portions:
        usage = _with(portions[0].usage, searched)
        portions = (replace(portions[0], usage=usage), *portions[1:])
        return replace(report, portions=portions, usage=summed([p.usage for p in portions]))
    if not searched or (report.usage is not before.usage and _searches(report.usage)):
        return report
    return replace(report, usage=_with(report.usage or _NOTHING, searched))


_NOTHING = Usage()


def _with(usage: Usage, searched: int) -> Usage:
    return replace(usage, web_searches=searched) if searched else usage


def _searches(usage: Usage | None) -> int:
    return 0 if usage is None else usage.web_searches or 0


def _portions(models: object) -> Iterator[Portion]:
    for entry in _objects(models):
        if (usage := usage_of(part(entry, "usage"))) is not None:
            yield Portion(model=text(entry, "model"), usage=usage)


def _executed(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for choice in _objects(message.get("choices")):
        for name in ("message", "delta"):
            yield from _objects(part(choice, name).get("executed_tools"))


def _is_search(tool: Mapping[str, Any]) -> bool:
    return tool.get("type") == _SEARCH and tool.get("output") is not None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (v for v in (value if isinstance(value, list) else ()) if isinstance(v, dict))
