"""Images, sound, reranking and decisions are answered as OpenAI's own types have them."""

import secrets
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import orjson
import pytest
from openai.types import Decision, ImageEditStreamEvent, ImageGenStreamEvent, ImagesResponse
from openai.types.audio import Transcription, TranscriptionStreamEvent, TranscriptionVerbose
from pydantic import TypeAdapter

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator.dialects import (
    openai_decisions,
    openai_images,
    openai_rerank,
    openai_speech,
    openai_transcriptions,
)
from tests.simulator.dialects.dialect import Asked
from tests.simulator.form import fields

SCENARIO = Scenario(
    usage=Usage(input_tokens=50, input_image_tokens=10, input_audio_tokens=20, output_tokens=70)
)
SILENT = Scenario(usage=None)


def data(event: bytes) -> Any:
    return orjson.loads(event.partition(b"data: ")[2])


def test_images_are_valid() -> None:
    body = orjson.loads(openai_images.whole(Asked(inputs=2), SCENARIO))

    assert ImagesResponse.model_validate(body, strict=True).usage is not None
    assert len(body["data"]) == 2
    assert body["usage"]["input_tokens_details"] == {"image_tokens": 10, "text_tokens": 40}
    assert "usage" not in orjson.loads(openai_images.whole(Asked(), SILENT))


@pytest.mark.parametrize(
    ("shape", "kind"), [("image_generation", ImageGenStreamEvent), ("image_edit", ImageEditStreamEvent)]
)
def test_a_stream_of_images_is_valid(shape: str, kind: Any) -> None:
    events = [data(event) for event in openai_images.events(Asked(shape=shape), SCENARIO)]

    for event in events:
        TypeAdapter(kind).validate_python(event, strict=True)
    assert [event["type"].partition(".")[2] for event in events] == ["partial_image"] * 2 + ["completed"]


@pytest.mark.parametrize("shape", ["", "verbose"])
def test_a_transcription_is_valid(shape: str) -> None:
    kind = TranscriptionVerbose if shape else Transcription
    duration = Scenario(usage=Usage(raw='{"type":"duration","seconds":9}'))
    body = openai_transcriptions.whole(Asked(shape=shape), duration if shape else SCENARIO)

    assert kind.model_validate_json(body, strict=True).usage is not None


def test_a_stream_of_a_transcription_is_valid() -> None:
    for event in openai_transcriptions.events(Asked(), SCENARIO):
        TypeAdapter(TranscriptionStreamEvent).validate_python(data(event), strict=True)


def test_decisions_are_valid() -> None:
    decision = Decision.model_validate_json(openai_decisions.whole(Asked(inputs=2), SCENARIO), strict=True)

    assert len(decision.answers) == 2


@pytest.mark.parametrize("dialect", [openai_images, openai_speech, openai_transcriptions])
def test_a_stream_may_fail(dialect: Any) -> None:
    events = dialect.events(Asked(shape="image_edit"), Scenario(finish="error"))

    assert data(events[-1])["error"]["type"] == "server_error"


def test_what_has_no_stream_comes_in_one_piece() -> None:
    for dialect in (openai_rerank, openai_decisions):
        assert dialect.events(Asked(inputs=1), SCENARIO) == [dialect.whole(Asked(inputs=1), SCENARIO)]


def test_a_usage_may_be_absent_or_anything() -> None:
    raw = Scenario(usage=Usage(raw='"none"'))
    for dialect in (openai_images, openai_speech, openai_transcriptions):
        asked = Asked(shape="image_edit")
        assert data(dialect.events(asked, raw)[-1])["usage"] == "none"
        assert "usage" not in data(dialect.events(asked, SILENT)[-1])


def test_what_is_no_form_is_none() -> None:
    with pytest.raises(ValueError, match="no form"):
        fields(b"{}", "multipart/form-data; boundary=x")


@pytest.fixture
async def client(sim: Simulator, trust: ssl.SSLContext) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        api_key=secrets.token_hex(8),
        base_url=f"https://localhost:{sim.port}/v1",
        http_client=httpx2.AsyncClient(verify=trust),
        max_retries=0,
    ) as client:
        yield client


async def test_the_sdk_uploads_and_hears(client: openai.AsyncOpenAI, sim: Simulator, tmp_path: Path) -> None:
    """As it does for OpenAI."""
    file = tmp_path / "a.wav"
    file.write_bytes(b"RIFF" + bytes(1000))

    heard = await client.audio.transcriptions.create(model="whisper-1", file=file, response_format="text")
    spoken = await client.audio.speech.create(model="tts-1", input="Hi", voice="alloy")
    drawn = await client.images.edit(model="gpt-image-2", image=file, prompt="a road", n=2)
    decided = await client.decisions.create(
        model="gpt-6-luna", input="It rains.", questions=[{"type": "predicate", "instructions": "Is it wet?"}]
    )

    assert heard.startswith("The simulator answers")
    assert spoken.content == openai_speech.SOUND
    assert drawn.data is not None
    assert (len(drawn.data), len(decided.answers)) == (2, 1)
    assert [seen.model for seen in sim.seen] == ["whisper-1", "tts-1", "gpt-image-2", "gpt-6-luna"]
