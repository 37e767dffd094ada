"""What Cohere bills is in its billed units."""

from typing import Any

import pytest

from tollway.model import Usage
from tollway.wire.cohere_usage import usage_of


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        (
            {
                "billed_units": {"input_tokens": 13.0, "output_tokens": 61.0},
                "tokens": {"input_tokens": 542.0, "output_tokens": 63.0},
                "cached_tokens": 144.0,
            },
            Usage(input_tokens=13, output_tokens=61),
        ),
        ({"tokens": {"input_tokens": 9, "output_tokens": 4}}, Usage(input_tokens=9, output_tokens=4)),
        (
            {"billed_units": {"input_tokens": 4, "image_tokens": 0}},
            Usage(input_tokens=4, input_image_tokens=0),
        ),
        (
            {"billed_units": {"input_tokens": 3, "image_tokens": 6}},
            Usage(input_tokens=9, input_image_tokens=6),
        ),
        (
            {"billed_units": {"input_tokens": 9, "text_tokens": 3, "image_tokens": 6}},
            Usage(input_tokens=9, input_image_tokens=6),
        ),
        ({"billed_units": {"image_tokens": 6}}, Usage(input_tokens=6, input_image_tokens=6)),
        ({"billed_units": {"images": 2}}, Usage(images=2)),
        ({"billed_units": {"search_units": 3}}, Usage(requests=3)),
        ({"billed_units": {"classifications": 8}}, Usage(requests=8)),
        ({"billed_units": {"pages": 5}}, Usage(pages=5)),
        ({"billed_units": {}, "api_version": {"version": "1"}}, None),
        ({}, None),
    ],
)
def test_billed_units_are_what_is_billed(counts: dict[str, Any], usage: Usage | None) -> None:
    """Not the tokens, which have Cohere's own templates, and of which more may be cached than are billed.

    An image has tokens of its own, beside those of texts; a search unit is one query over 100 documents.
    """
    assert usage_of(counts) == usage


def test_a_search_unit_of_a_chat_is_a_web_search() -> None:
    """The web-search connector of the first version."""
    units = {"input_tokens": 4, "output_tokens": 5, "search_units": 1}

    assert usage_of({"billed_units": units}, searches=True) == Usage(
        input_tokens=4, output_tokens=5, web_searches=1
    )


@pytest.mark.parametrize("value", [None, "3", -1, 1.5, True, [], {}, 10**15, float("inf")])
def test_what_is_no_count_is_absent(value: Any) -> None:
    """Floats are counts if they are whole."""
    units = dict.fromkeys(["input_tokens", "output_tokens", "search_units", "images", "pages"], value)

    assert usage_of({"billed_units": units}) is None
    assert usage_of({"billed_units": value, "tokens": value}) is None
