"""Images are asked for in JSON or in a form, and answered as an object or a stream."""

import json
from typing import Any

import pytest

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.openai_images import OpenAIImages

IMAGES = OpenAIImages()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_images")
ONE = Usage(images=1)
COUNTS = b'"usage":{"input_tokens":7,"output_tokens":9}'
USED = Usage(input_tokens=7, output_tokens=9, output_image_tokens=9)


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"model": "gpt-image-2", "prompt": "a road"}, Asked(model="gpt-image-2", billed=ONE)),
        ({"n": 3, "stream": True}, Asked(stream=True, billed=Usage(images=3))),
        (
            {"model": "gpt-image-2", "n": "3", "stream": "true", "image": b"\x89PNG", "user": "u"},
            Asked(model="gpt-image-2", stream=True, billed=Usage(images=3), session="h-0bfe935e70c321c7"),
        ),
        ({"model": b"a file", "n": "many", "stream": "false"}, Asked(billed=ONE)),
        ({"n": 0, "stream": None}, Asked(billed=ONE)),
        ({"n": -1, "stream": 1}, Asked(billed=ONE)),
    ],
)
def test_a_request_is_read(body: dict[str, Any], asked: Asked) -> None:
    """One image, unless it says how many."""
    assert IMAGES.read_request(HERE, body) == asked


def test_on_azure_the_path_names_the_model() -> None:
    azure = Endpoint(kind=Kind.INFERENCE, provider="azure", host="h", model="drawings")

    assert IMAGES.read_request(azure, {"prompt": "a road"}).model == "drawings"


def test_the_prompt_is_the_text() -> None:
    assert list(IMAGES.texts({"prompt": "a road", "image": b"\x89PNG", "model": "m"})) == ["a road"]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        b' {"created":1,"data":[{"b64_json":"AAAA"}],' + COUNTS + b"}",
        b'event: image_generation.completed\ndata: {"type":"image_generation.completed",' + COUNTS + b"}\n\n",
    ],
    ids=["object", "stream"],
)
def test_what_comes_is_read_whatever_was_asked_for(stream: bool, body: bytes) -> None:
    reader = IMAGES.reader(HERE, Asked(stream=stream, billed=ONE), {})

    reader.feed(body)

    assert reader.report() == Report(usage=USED, complete=True)


@pytest.mark.parametrize("asked", [Asked(billed=Usage(images=2)), Asked(stream=True, billed=Usage(images=2))])
@pytest.mark.parametrize("body", [b"", b'{"created":1,"data":[{"b64_json":"AA', b"data: {", b"<html>"])
def test_what_breaks_off_is_taken_to_have_what_was_asked_for(asked: Asked, body: bytes) -> None:
    """And is not complete."""
    reader = IMAGES.reader(HERE, asked, {})

    reader.feed(body)

    assert reader.report() == Report(usage=Usage(images=2))


def test_a_request_that_was_not_read_asks_for_one_image() -> None:
    """It was no form, say: what comes is counted all the same."""
    reader = IMAGES.reader(HERE, Asked(), {})

    reader.feed(b'{"data":[{"picture":"' + b"A" * 300_000 + b'"}]}')

    assert reader.report().usage == ONE


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    assert json.loads(IMAGES.error(403, "no", "limit_reached"))["error"]["code"] == "limit_reached"
