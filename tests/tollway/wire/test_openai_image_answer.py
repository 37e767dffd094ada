"""Images are billed by their tokens, or one by one; their bytes are never parsed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Portion, Report, Usage
from tollway.wire import openai_image_answer
from tollway.wire.dialect import Reader
from tollway.wire.openai_image_answer import ImageAnswer, image_stream
from tollway.wire.typed_stream import TypedStream

COUNTS = {
    "input_tokens": 50,
    "input_tokens_details": {"image_tokens": 10, "text_tokens": 40},
    "output_tokens": 4160,
    "output_tokens_details": {"image_tokens": 4100, "text_tokens": 60},
    "total_tokens": 4210,
}
USED = Usage(input_tokens=50, input_image_tokens=10, output_tokens=4160, output_image_tokens=4100)
STREAMED = {key: value for key, value in COUNTS.items() if key != "output_tokens_details"}


def fed(reader: Reader, body: bytes, places: list[int] | None = None) -> Reader:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def answer(images: int, size: int = 4, **more: Any) -> bytes:
    data = [{"b64_json": "A" * size} for _ in range(images)]
    return json.dumps(
        {"created": 1, "background": "opaque", "data": data, "size": "1024x1024", **more}
    ).encode()


def read(body: bytes, places: list[int] | None = None, asked: int = 1) -> Report:
    reader = fed(ImageAnswer(asked), body, places)
    assert reader.delivered() == b""
    return reader.report()


@given(st.integers(0, 3), st.sampled_from([4, 70_000, 300_000]), st.lists(st.integers(0, 10**7), max_size=6))
def test_any_cutting_of_images_of_any_size_gives_their_tokens(
    images: int, size: int, places: list[int]
) -> None:
    assert read(answer(images, size, usage=COUNTS), places) == Report(usage=USED, complete=True)


@given(st.integers(0, 3), st.sampled_from([4, 70_000, 300_000]), st.lists(st.integers(0, 10**7), max_size=6))
def test_images_without_tokens_are_counted_however_many_bytes_they_have(
    images: int, size: int, places: list[int]
) -> None:
    """DALL-E, Flux and the like; one that a filter kept back is none."""
    assert read(answer(images, size), places, asked=9) == Report(usage=Usage(images=images), complete=True)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30))
def test_a_mark_that_is_cut_in_two_is_counted_once(places: list[int]) -> None:
    """Wherever, and however often."""
    reader = ImageAnswer(9)
    body = answer(3, size=40)

    fed(reader, body, places)
    fed(reader, b" " * openai_image_answer._LIMIT)

    assert reader._seen == 3


@pytest.mark.parametrize(
    ("usage", "used"),
    [
        ({"input_tokens": 5, "output_tokens": 30},
         {"input_tokens": 5, "output_tokens": 30, "output_image_tokens": 30}),
        ({"input_tokens": 5, "output_tokens": 30, "output_tokens_details": {"text_tokens": 4}},
         {"input_tokens": 5, "output_tokens": 30, "output_image_tokens": 26}),
        ({"input_tokens": 5, "output_tokens": 3, "output_tokens_details": {"text_tokens": 4}},
         {"input_tokens": 5, "output_tokens": 3, "output_image_tokens": 0}),
        ({"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
         {"input_tokens": 0, "output_tokens": 0, "output_image_tokens": 0, "images": 2}),
        ({"input_tokens": 7}, {"input_tokens": 7, "images": 2}),
        ({}, {"images": 2}),
        (None, {"images": 2}),
    ],
)  # fmt: skip
def test_output_is_image_unless_it_says_otherwise_and_images_count_where_there_is_none(
    usage: object, used: dict[str, int]
) -> None:
    """A price that tells image from text is the dearer one for images."""
    assert read(answer(2, usage=usage)).usage == Usage(**used)


def test_xai_says_what_it_billed() -> None:
    """Ticks of a ten billionth of a dollar: $0.02 are 20,000,000 nano-dollars."""
    body = {"data": [{"url": "https://images.example/1"}], "usage": {"cost_in_usd_ticks": 200_000_000}}

    report = read(json.dumps(body).encode())

    assert (report.cost_nano, report.usage) == (20_000_000, Usage(images=1))


def test_others_name_their_model_and_the_answer() -> None:
    """Together's list has urls, and a type that is called so, too."""
    data = [{"index": 0, "url": "https://images.example/1", "type": "url"}]
    body = {"id": "o-1", "model": "black-forest-labs/FLUX.1-schnell", "object": "list", "data": data}

    assert read(json.dumps(body).encode()) == Report(
        usage=Usage(images=1), model="black-forest-labs/FLUX.1-schnell", id="o-1", complete=True
    )


def test_who_writes_the_svg_is_billed_apart() -> None:
    """A model of its own, at its own price."""
    written = {
        "model": "gpt-6-sol",
        "input_tokens": 900,
        "output_tokens": 70,
        "reasoning_tokens": 30,
        "total_tokens": 970,
    }
    svg = Usage(input_tokens=900, output_tokens=70, reasoning_tokens=30)

    report = read(answer(1, usage=COUNTS, svg_usage=written))

    assert report.portions == (Portion(model=None, usage=USED), Portion(model="gpt-6-sol", usage=svg))
    assert report.usage == Usage(
        input_tokens=950,
        input_image_tokens=10,
        output_tokens=4230,
        output_image_tokens=4100,
        reasoning_tokens=30,
    )


def test_an_svg_is_billed_though_nothing_else_is_known() -> None:
    report = read(b'{"svg_usage":{"model":"m","input_tokens":1,"output_tokens":2}}')

    assert report.portions == (Portion(model="m", usage=Usage(input_tokens=1, output_tokens=2)),)
    assert report.usage == Usage(input_tokens=1, output_tokens=2)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            b'{"error":{"type":"image_generation_user_error","code":"moderation_blocked"}}',
            "image_generation_user_error",
        ),
        (b'{"detail":"Not Found"}', None),
        (b'{"created":1,"data":[{"b64_json":"AAAA', None),
        (b'{"created":1,"data":[{"b64_json":"' + b"A" * 100_000, None),
    ],
    ids=["error", "error of a framework", "cut", "long and cut"],
)
def test_what_is_no_whole_answer_reports_no_images(body: bytes, error: str | None) -> None:
    report = read(body)

    assert (report.usage, report.error) == (None, error)


def test_a_long_answer_that_shows_no_image_has_as_many_as_were_asked_for() -> None:
    """Some call their images otherwise."""
    assert read(b'{"data":[{"picture":"' + b"A" * 300_000 + b'"}]}', asked=4).usage == Usage(images=4)


def event(kind: str, size: int = 10, **more: Any) -> bytes:
    message = {"type": kind, "b64_json": "A" * size, "size": "1024x1024", **more}
    return f"event: {kind}\ndata: {json.dumps(message)}\n\n".encode()


def partial(kind: str = "image_generation") -> bytes:
    return event(f"{kind}.partial_image", 200_000, partial_image_index=0)


STREAM_USED = Usage(input_tokens=50, input_image_tokens=10, output_tokens=4160, output_image_tokens=4160)


@pytest.mark.parametrize("kind", ["image_generation", "image_edit"])
@given(st.sampled_from([10, 300_000]), st.lists(st.integers(0, 10**6), max_size=6))
def test_a_stream_reports_with_its_last_event(kind: str, size: int, places: list[int]) -> None:
    """Wherever it is cut, and however large the image is."""
    body = partial(kind) + event(f"{kind}.completed", size, usage=STREAMED)

    reader = fed(image_stream(), body, places)

    assert reader.report() == Report(usage=STREAM_USED, complete=True)
    assert reader.delivered() == b""


def test_before_that_nothing_is_known() -> None:
    reader = fed(image_stream(), partial() + event("image_generation.completed", 10**5, usage=STREAMED)[:-50])

    assert reader.report() == Report()


def test_images_that_are_not_finished_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """To parse megabytes takes milliseconds."""
    parsed: list[bytes] = []
    monkeypatch.setattr(TypedStream, "_after", lambda _, message: parsed.append(message))
    body = partial() * 3 + event("image_generation.completed", 10**6, usage=STREAMED)

    image_stream().feed(body)

    assert [len(message) < 200_000 for message in parsed] == [True]


def test_the_images_of_one_stream_are_summed() -> None:
    """Each ends with the usage of its own."""
    ended = event("image_generation.completed", usage=STREAMED)

    assert fed(image_stream(), partial() + ended + partial() + ended).report().usage == Usage(
        input_tokens=100, input_image_tokens=20, output_tokens=8320, output_image_tokens=8320
    )


def test_a_stream_without_tokens_has_its_images() -> None:
    ended = event("image_generation.completed")

    assert fed(image_stream(), ended + ended).report() == Report(usage=Usage(images=2), complete=True)


def test_an_error_ends_a_stream() -> None:
    failed = b'data: {"type":"error","error":{"type":"server_error","message":"no"}}\n\n'

    assert fed(image_stream(), partial() + failed).report() == Report(error="server_error", complete=True)


def test_what_has_no_type_and_what_marks_the_end_say_nothing() -> None:
    body = b'data: {"id":"x"}\n\ndata: [DONE]\n\n: ping\n\n'

    assert fed(image_stream(), body).report() == Report(id="x")


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_make_it_raise(body: bytes, is_stream: bool) -> None:
    fed(image_stream() if is_stream else ImageAnswer(1), body).report()


@pytest.mark.parametrize("kind", ["[]", "{}", "5", "null"])
def test_an_event_that_says_its_type_twice_ends_nothing_if_one_is_no_text(kind: str) -> None:
    """Of members of one name the last holds."""
    odd = f'data: {{"type": "image_edit.completed", "type": {kind}, "usage": {{}}}}\n\n'.encode()

    assert fed(image_stream(), odd).report() == Report()
