"""Unknown models, by hand, in USD per million tokens at `calls.NOW` (genai-prices 0.2.3)."""

from tests.tollway.prices.calls import EACH, MILLION, dollars, price


def test_an_unknown_model_costs_the_providers_dearest_rates() -> None:
    """OpenAI's are o1-pro's, 150 / 600; Anthropic's those of Fable 5.2 in fast mode, 16 / 80."""
    openai, anthropic = price("openai", "gpt-99", **EACH), price("anthropic", "claude-99", **EACH)

    assert (openai.nano, openai.flags) == (750_000_000_000, ("unknown_price",))
    assert openai.price_version == "genai-prices 0.2.3 dearest of openai"
    assert (anthropic.nano, anthropic.flags) == (96_000_000_000, ("unknown_price",))


def test_unknown_embeddings_are_not_compared_with_chat() -> None:
    """text-embedding-3-large, 0.13 a million."""
    cost = price("openai", "text-embedding-99", operation="embeddings", input_tokens=MILLION)

    assert (cost.nano, cost.flags) == (130_000_000, ("unknown_price",))


def test_an_unknown_provider_costs_the_dearest_of_the_well_known() -> None:
    cost = price("nobody", "nothing", **EACH)

    assert (cost.nano, cost.flags) == (750_000_000_000, ("unknown_price",))
    assert cost.price_version == "genai-prices 0.2.3 dearest of openai,anthropic,google"


def test_an_unknown_model_in_a_dearer_region_costs_that_too() -> None:
    assert dollars("openai", "gpt-99", **EACH, host="eu.api.openai.com") == "825"
    assert price("openai", None, **EACH).flags == ("unknown_price",)


def test_a_model_priced_in_other_units_than_were_used_is_unknown() -> None:
    """whisper-large-v3 is priced by the hour: an hour is 0.111; tokens are charged at Groq's dearest."""
    hour = price("groq", "whisper-large-v3", operation="transcription", seconds=3600)
    tokens = price("groq", "whisper-large-v3", operation="transcription", input_tokens=MILLION)

    assert (hour.nano, hour.flags) == (111_000_000, ())
    assert (tokens.nano, tokens.flags) == (1_000_000_000, ("unknown_price",))


def test_a_search_makes_no_tokens_free() -> None:
    """gpt-live-1 is priced by the hour: its tokens cost OpenAI's dearest, 150, with a search or not."""
    usage = {"input_tokens": MILLION}

    alone, searched = (price("openai", "gpt-live-1", **usage, web_searches=n) for n in (0, 1))

    assert (alone.input_nano, searched.input_nano) == (150_000_000_000, 150_000_000_000)
    assert searched.other_nano == 10_000_000


def test_images_video_pages_and_searches_that_nothing_prices_are_not_free() -> None:
    """0.25 an image; 0.75 a second of video; 0.01 a page; 0.0025 a search unit."""
    assert dollars("openai", "painter-9", operation="images", images=2) == "0.5"
    assert dollars("openai", "film-9", operation="video", seconds=4) == "3"
    assert dollars("nobody", "ocr-9", operation="ocr", pages=3) == "0.03"
    assert dollars("cohere", "rerank-9", operation="rerank", requests=2) == "0.005"
    assert price("nobody", "ocr-9", operation="ocr", pages=3).flags == ("unknown_price",)
