"""The headers of an answer tell its counts, its tier, its speed and its id."""

import pytest

from tollway.model import Report, Usage
from tollway.wire.bedrock_headers import header_usage, served, speed


def test_counts_leave_out_what_went_through_a_cache() -> None:
    """12 + 100 + 30 = 142."""
    headers = {
        "x-amzn-bedrock-input-token-count": "12",
        "x-amzn-bedrock-output-token-count": "7",
        "x-amzn-bedrock-cache-read-input-token-count": "100",
        "x-amzn-bedrock-cache-write-input-token-count": "30",
    }

    assert header_usage(headers) == Usage(
        input_tokens=142, cache_read_tokens=100, cache_write_tokens=30, output_tokens=7
    )


@pytest.mark.parametrize("value", ["", "-1", "1.5", "x", "²", "9" * 14, "1" + "0" * 12 + "1"])
def test_what_is_no_count_is_absent(value: str) -> None:
    assert header_usage({"x-amzn-bedrock-input-token-count": value}) is None


def test_a_zero_is_a_count() -> None:
    assert header_usage({"x-amzn-bedrock-output-token-count": "0"}) == Usage(output_tokens=0)


def test_headers_know_best_how_a_call_was_served() -> None:
    headers = {
        "x-amzn-bedrock-service-tier": "flex",
        "x-amzn-bedrock-performanceconfig-latency": "optimized",
        "x-amzn-requestid": "f00d",
    }

    assert served(Report(tier="standard", id="msg_1"), headers) == Report(
        tier="flex", speed="optimized", id="f00d"
    )


def test_without_headers_the_body_holds() -> None:
    report = Report(tier="standard", speed="optimized", id="msg_1")

    assert served(report, {"x-amzn-bedrock-performanceconfig-latency": "standard"}) == report
    assert (speed(None), speed("standard"), speed("optimized")) == (None, None, "optimized")
