"""What the headers of Bedrock's answers say of how a call was served, and what it used.

AWS documents those of the tier and the latency; the counts are of InvokeModel, and in wide use.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire.bedrock_usage import usage_of
from tollway.wire.counts import count

_COUNTS = {
    "inputTokenCount": "x-amzn-bedrock-input-token-count",
    "outputTokenCount": "x-amzn-bedrock-output-token-count",
    "cacheReadInputTokenCount": "x-amzn-bedrock-cache-read-input-token-count",
    "cacheWriteInputTokenCount": "x-amzn-bedrock-cache-write-input-token-count",
}


def header_usage(headers: Mapping[str, str]) -> Usage | None:
    """What the headers count; None if nothing."""
    return usage_of({name: _number(headers.get(header, "")) for name, header in _COUNTS.items()})


def served(report: Report, headers: Mapping[str, str]) -> Report:
    """The report with what the headers say of tier, speed and id: of these they know best."""
    return replace(
        report,
        tier=headers.get("x-amzn-bedrock-service-tier") or report.tier,
        speed=speed(headers.get("x-amzn-bedrock-performanceconfig-latency")) or report.speed,
        id=headers.get("x-amzn-requestid") or report.id,
    )


def speed(latency: str | None) -> str | None:
    """The speed that an answer names; None for the usual one."""
    return None if latency == "standard" else latency


def _number(header: str) -> int | None:
    """A header's value as a count; more than 13 digits are none."""
    return count(int(header)) if header.isascii() and header.isdigit() and len(header) <= 13 else None
