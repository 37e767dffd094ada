"""A turn knows what its messages told of it, and nothing that they said of anything else."""

from typing import Any

import msgspec
import pytest

from tollway.model import Asked
from tollway.sockets.calls import Calls
from tollway.sockets.events import How
from tollway.sockets.live_turn import Turn, report
from tollway.sockets.message import Members, opened


def turn(metadata: object = None) -> Turn:
    call, _ = Calls().begin(0, "realtime", Asked())
    return Turn(call, metadata)


def content(**said: Any) -> Members:
    found = opened(msgspec.json.encode(said))
    assert found is not None
    return found


def test_what_the_gemini_api_and_vertex_call_otherwise_is_the_same() -> None:
    """Thoughts are beside what was answered."""
    details = [{"modality": "TEXT", "tokenCount": 3}, {"modality": "AUDIO", "tokenCount": 40}]
    common = {"promptTokenCount": 100, "thoughtsTokenCount": 7, "promptTokensDetails": details}
    api = {**common, "responseTokenCount": 43, "responseTokensDetails": details}
    vertex = {
        **common,
        "candidatesTokenCount": 43,
        "candidatesTokensDetails": details,
        "trafficType": "ON_DEMAND",
    }

    of_api, of_vertex = report(turn(api), "m"), report(turn(vertex), "m")

    assert of_api.usage == of_vertex.usage
    assert of_api.usage is not None
    assert of_api.usage.known() == {
        "input_tokens": 100,
        "output_tokens": 50,
        "reasoning_tokens": 7,
        "input_audio_tokens": 40,
        "output_audio_tokens": 40,
    }
    assert (of_api.tier, of_vertex.tier) == (None, "standard")


@pytest.mark.parametrize("metadata", [None, 7, [], {}, {"responseTokenCount": "many"}], ids=str)
def test_what_counts_nothing_is_no_usage(metadata: object) -> None:
    assert report(turn(metadata), None).usage is None


def test_it_is_cut_until_it_is_over() -> None:
    one = turn()
    before = one.how()

    one.take(content(), {}, None, True)

    assert (before, one.how()) == (How.CUT, How.COMPLETED)
    assert report(one, None).complete


@pytest.mark.parametrize(
    "parts",
    [7, "text", [7], [{"text": 7}], [{"inlineData": None}], [{"inlineData": {}}], [{"inlineData": 7}]],
    ids=str,
)
def test_parts_that_are_none_have_no_text(parts: object) -> None:
    one = turn()

    one.take(content(modelTurn={"parts": parts}), {}, None, False)

    assert (one.call.delivered.text(), one.call.sound) == (b"", 0)


def test_only_so_many_searches_are_told_apart() -> None:
    one = turn()

    one.take(content(groundingMetadata={"webSearchQueries": [str(n) for n in range(5000)]}), {}, None, False)
    one.take(content(groundingMetadata={"webSearchQueries": "none"}), {}, None, False)

    assert one.searches() == 1000
