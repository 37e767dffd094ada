"""Images, sound, reranking and decisions are read wherever OpenAI's format is spoken."""

import pytest

from tollway.model import Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise

REGISTRY = load()
AZURE = "contoso.openai.azure.com"
DEPLOYED = "/openai/deployments/mine"


def ask(host: str, path: str, method: str = "POST") -> Endpoint:
    found = recognise(REGISTRY, host, 443, method, path)
    assert found is not None
    return found


PATHS = [
    ("/images/generations", "images", "openai_images"),
    ("/images/edits", "images", "openai_images"),
    ("/images/variations", "images", "openai_images"),
    ("/audio/speech", "speech", "openai_speech"),
    ("/audio/transcriptions", "transcription", "openai_transcriptions"),
    ("/audio/translations", "transcription", "openai_transcriptions"),
    ("/rerank", "rerank", "openai_rerank"),
]
OPENAI = [("api.openai.com", "/v1"), ("api.x.ai", "/v1"), ("api.together.ai", "/v1"), (AZURE, "/openai/v1")]


@pytest.mark.parametrize(("path", "operation", "dialect"), PATHS)
@pytest.mark.parametrize(
    ("host", "base"), [*OPENAI, ("eu.api.openai.com", "/v1"), ("openrouter.ai", "/api/v1")]
)
def test_what_openai_has_is_read_at_all_who_have_it(
    host: str, base: str, path: str, operation: str, dialect: str
) -> None:
    found = ask(host, base + path)

    assert (found.kind, found.operation, found.dialect) == (Kind.INFERENCE, operation, dialect)
    assert (found.model, found.stream) == (None, None)


@pytest.mark.parametrize(
    ("path", "operation", "dialect"), [p for p in PATHS if p[0] not in ("/rerank", "/images/variations")]
)
def test_azures_deployments_are_named_by_their_path(path: str, operation: str, dialect: str) -> None:
    found = ask(AZURE, f"{DEPLOYED}{path}?api-version=2025-04-01-preview")

    assert (found.kind, found.operation, found.dialect) == (Kind.INFERENCE, operation, dialect)
    assert found.model == "mine"


def test_openrouter_draws_at_a_path_of_its_own() -> None:
    assert ask("openrouter.ai", "/api/v1/images").dialect == "openai_images"
    assert ask("openrouter.ai", "/api/v1/images/models", "GET").kind is Kind.PASS


def test_decisions_are_openais_alone() -> None:
    assert ask("api.openai.com", "/v1/decisions").dialect == "openai_decisions"
    assert ask("api.together.ai", "/v1/decisions").kind is Kind.UNKNOWN


def test_moderation_is_free() -> None:
    assert ask("api.openai.com", "/v1/moderations").kind is Kind.PASS


@pytest.mark.parametrize(
    ("host", "path"),
    [("api.openai.com", "/v1/images/something-new"), (AZURE, f"{DEPLOYED}/images/something-new")],
)
def test_images_made_otherwise_are_recorded(host: str, path: str) -> None:
    found = ask(host, path)

    assert (found.kind, found.operation) == (Kind.UNKNOWN, "images")


def test_groq_bills_ten_seconds_of_a_sound_at_least() -> None:
    assert "ten_seconds_least" in ask("api.groq.com", "/openai/v1/audio/transcriptions").habits
    assert "ten_seconds_least" not in ask("api.openai.com", "/v1/audio/transcriptions").habits
