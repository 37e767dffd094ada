"""Whatever a client says, each form of socket has something to say to it, and JSON at that."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator import Scenario
from tests.simulator.sockets.routes import route
from tests.simulator.sockets.session import Opening

FORMS = (
    ("api.openai.com", "/v1/responses"),
    ("api.openai.com", "/v1/realtime"),
    ("api.x.ai", "/v1/realtime"),
    ("generativelanguage.googleapis.com", "/ws/google.x.BidiGenerateContent"),
)
MEMBERS = st.sampled_from(
    "type session audio input turn_detection transcription response conversation metadata item stream_id"
    " model setup clientContent realtimeInput turnComplete data output_modalities"
    " previous_response_id".split()
)
WORDS = st.sampled_from(
    "response.create response.steer response.cancel session.update input_audio_buffer.append none AQ== A …cut"
    " input_audio_buffer.commit conversation.item.create resp_000000000000000000001001".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=8,
)
MESSAGES = st.lists(st.dictionaries(MEMBERS, VALUES, max_size=5), max_size=5)


@pytest.mark.parametrize(("host", "path"), FORMS)
@pytest.mark.parametrize("busy", [False, True])
@given(said=MESSAGES)
def test_every_message_is_answered_or_not(
    host: str, path: str, busy: bool, said: list[dict[str, Any]]
) -> None:
    found = route(host, path)
    assert found is not None
    session = found[1](Opening(path, "", 1, Scenario(events=1), lambda lane: busy))

    replies = [*session.opened()]
    for message in said:
        replies += session.hear(message)

    for reply in replies:
        assert all(isinstance(orjson.loads(orjson.dumps(one)), dict) for one in reply.messages)
