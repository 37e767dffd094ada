"""A Gemini Live session is read turn by turn, and a turn's usage is the last that it told."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.sockets.frames import JSON, Message, begins, ends, fed, received, sent, socket, used
from tollway.model import Asked
from tollway.sockets.events import Begun, Ended, How, Trouble

SETUP = sent(setup={"model": "models/gemini-live", "generationConfig": {"maxOutputTokens": 256}})
ASK = sent(clientContent={"turns": [{"parts": [{"text": "Hi"}]}], "turnComplete": True})
TEXT = received(serverContent={"modelTurn": {"parts": [{"text": "Hey"}]}})
HEARD = received(serverContent={"inputTranscription": {"text": "Hi"}})
TOOL = received(toolCall={"functionCalls": [{"name": "look", "args": {"at": "it"}}]})
ANSWER = sent(toolResponse={"functionResponses": [{"name": "look", "response": {"output": "12"}}]})
MADE = received(serverContent={"generationComplete": True})


def counts(n: int, out: int = 1) -> dict[str, int]:
    return {"promptTokenCount": n, "responseTokenCount": out, "totalTokenCount": n + out}


def done(n: int | None = None, out: int = 1, **said: Any) -> Message:
    usage = {} if n is None else {"usageMetadata": counts(n, out)}
    return received(serverContent={"turnComplete": True, **said}, **usage)


def live() -> Any:
    return socket("gemini_live", None)


def told(messages: list[Message]) -> list[dict[str, int]]:
    """The usages of the calls, in the order in which they ended."""
    return [used(e) for e in ends(fed(live(), messages))]


def test_a_turn_begins_as_it_is_asked_for_and_ends_with_its_usage() -> None:
    found = fed(live(), [SETUP, received(setupComplete={}), ASK, TEXT, MADE, done(10, 5)])

    assert [type(e) for e in found] == [Begun, Ended]
    begun, end = begins(found)[0], ends(found)[0]
    assert begun.asked == Asked(model="gemini-live", stream=True, max_output_tokens=256)
    assert (begun.at, begun.operation, begun.by_server) == (2, "realtime", False)
    assert (end.first, end.at, end.how, end.report.model) == (3, 5, How.COMPLETED, "gemini-live")
    assert (used(end), end.report.complete) == ({"input_tokens": 10, "output_tokens": 5}, True)


@pytest.mark.parametrize(
    ("setup", "model", "most"),
    [
        ({"model": "projects/p/locations/l/publishers/google/models/gemini-x"}, "gemini-x", None),
        ({"model": "tunedModels/x", "generation_config": {"max_output_tokens": 9}}, "tunedModels/x", 9),
        ({}, None, None),
    ],
    ids=["vertex", "snake", "nothing"],
)
def test_a_session_says_its_model_first(setup: dict[str, Any], model: str | None, most: int | None) -> None:
    (begun,) = begins(fed(live(), [sent(setup=setup), ASK]))

    assert (begun.asked.model, begun.asked.max_output_tokens) == (model, most)


def test_usage_within_a_turn_is_never_summed() -> None:
    """Each tells of the whole turn so far."""
    so_far = received(usageMetadata=counts(10, 2))
    beside = received(serverContent={"modelTurn": {"parts": []}}, usageMetadata=counts(10, 4))

    assert told([ASK, TEXT, so_far, beside, done(10, 7)]) == [{"input_tokens": 10, "output_tokens": 7}]


def test_each_turn_has_its_own_usage() -> None:
    assert told([ASK, TEXT, done(10, 2), ASK, TEXT, done(14, 3)]) == [
        {"input_tokens": 10, "output_tokens": 2},
        {"input_tokens": 14, "output_tokens": 3},
    ]


@pytest.mark.parametrize(
    "ask",
    [
        ASK,
        sent(client_content={"turns": [], "turn_complete": True}),
        sent(realtimeInput={"text": "Hi"}),
        sent(realtime_input={"activity_end": {}}),
        ANSWER,
    ],
    ids=["content", "snake", "text", "silence", "tool"],
)
def test_what_completes_the_clients_turn_begins_a_call(ask: Message) -> None:
    assert [e.by_server for e in begins(fed(live(), [SETUP, ask, TEXT, done(1)]))] == [False]


@pytest.mark.parametrize(
    "said",
    [
        sent(clientContent={"turns": [], "turnComplete": False}),
        sent(clientContent={"turns": []}),
        sent(realtimeInput={"audio": {"data": "AAAA"}}),
    ],
    ids=["not complete", "silent about it", "sound"],
)
def test_what_does_not_begins_none(said: Message) -> None:
    """Until the model answers all the same: voice fell silent."""
    found = fed(live(), [said, HEARD, TEXT, done(3)])

    assert [(e.at, e.by_server) for e in begins(found)] == [(2, True)]
    assert [used(e) for e in ends(found)] == [{"input_tokens": 3, "output_tokens": 1}]


def test_more_that_is_said_before_the_answer_is_of_the_same_call() -> None:
    assert len(begins(fed(live(), [ASK, ASK, ASK, TEXT]))) == 1


def test_a_tool_within_a_turn_is_of_the_turn() -> None:
    """The Gemini API's way."""
    found = fed(live(), [ASK, TOOL, ANSWER, TEXT, done(9, 4)])

    assert len(begins(found)) == 1
    assert [used(e) for e in ends(found)] == [{"input_tokens": 9, "output_tokens": 4}]


def test_a_turn_may_end_with_the_tool() -> None:
    """Vertex's way: what comes behind its answer is another."""
    found = fed(live(), [ASK, TOOL, ANSWER, done(24, 5), TEXT, done(44, 61)])

    assert [e.by_server for e in begins(found)] == [False, True]
    assert [used(e)["input_tokens"] for e in ends(found)] == [24, 44]


def test_who_speaks_meanwhile_is_answered_next() -> None:
    found = fed(live(), [ASK, TEXT, ASK, done(5, interrupted=True), TEXT, done(6)])

    assert [(e.call, e.how, used(e)["input_tokens"]) for e in ends(found)] == [
        (0, How.CANCELLED, 5),
        (1, How.COMPLETED, 6),
    ]


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({"interrupted": True}, How.CANCELLED),
        ({"turnCompleteReason": "RESPONSE_REJECTED"}, How.FAILED),
        ({"turnCompleteReason": "NEED_MORE_INPUT"}, How.COMPLETED),
    ],
    ids=str,
)
def test_a_turn_says_how_it_ended(said: dict[str, Any], how: How) -> None:
    (end,) = ends(fed(live(), [ASK, TEXT, done(1, **said)]))

    assert (end.how, end.report.error is not None) == (how, how is How.FAILED)


def test_a_usage_may_come_behind_its_turn() -> None:
    found = fed(live(), [ASK, TEXT, done(), received(usageMetadata=counts(7)), ASK, TEXT, done(8)])

    assert [(e.call, e.at, used(e)["input_tokens"]) for e in ends(found)] == [(0, 3, 7), (1, 6, 8)]


def test_a_usage_that_never_comes_is_told_as_none() -> None:
    """The next turn's is not taken for it."""
    found = fed(live(), [ASK, TEXT, done(), ASK, TEXT, done(8)])

    assert [(e.call, e.how, used(e)) for e in ends(found)] == [
        (0, How.COMPLETED, {}),
        (1, How.COMPLETED, {"input_tokens": 8, "output_tokens": 1}),
    ]
    assert ends(found)[0].delivered == b"Hey"


def test_a_usage_that_comes_again_counts_once() -> None:
    reader = live()
    found = fed(reader, [ASK, TEXT, done(7), received(usageMetadata=counts(7))])

    assert len(ends([*found, *reader.close(9)])) == 1


def test_a_usage_of_no_turn_is_not_lost() -> None:
    """It is the next turn's, or, if none comes, a call of its own."""
    reader = live()
    early = fed(live(), [received(usageMetadata=counts(7)), TEXT, done()])

    found = [*fed(reader, [received(usageMetadata=counts(7))]), *reader.close(9)]

    assert [used(e)["input_tokens"] for e in ends(early)] == [7]
    assert [(e.how, used(e)["input_tokens"]) for e in ends(found)] == [(How.CUT, 7)]
    assert [e.by_server for e in begins(found)] == [True]


def test_an_empty_turn_is_over_at_once() -> None:
    found = fed(live(), [ASK, done(3, 0)])

    assert [(e.call, used(e)) for e in ends(found)] == [(0, {"input_tokens": 3, "output_tokens": 0})]
    assert fed(live(), [done()]) == []


def test_what_is_under_way_is_cut_with_the_socket() -> None:
    reader = live()
    sound = {"inlineData": {"data": "AAAAAAAA", "mimeType": "audio/pcm"}}
    fed(
        reader,
        [
            ASK, TEXT, received(serverContent={"modelTurn": {"parts": [sound]}}),
            received(serverContent={"outputTranscription": {"text": " you\n"}}),
            received(usageMetadata=counts(5)), ASK,
        ],
    )  # fmt: skip

    cut = ends(reader.close(9))

    assert [(e.call, e.how, e.report.complete) for e in cut] == [(0, How.CUT, False), (1, How.CUT, False)]
    assert used(cut[0]) == {"input_tokens": 5, "output_tokens": 1}


def test_texts_and_sound_are_told_where_there_is_no_usage() -> None:
    reader = live()
    parts = [{"text": "Hé"}, {"inlineData": {"data": "AAAAAAAA"}}, {"text": 7}]
    fed(reader, [ASK, received(serverContent={"modelTurn": {"parts": parts}}), TOOL])

    (cut,) = ends(reader.close(9))

    assert cut.delivered.decode() == 'Hélook{"at":"it"}'
    assert cut.sound == 6


def test_a_turn_that_is_complete_but_for_its_usage_is_not_cut() -> None:
    reader = live()
    fed(reader, [ASK, TEXT, done()])

    assert [(e.how, used(e)) for e in ends(reader.close(9))] == [(How.COMPLETED, {})]
    assert fed(reader, [ASK, TEXT]) == []
    assert reader.unread == 2


def test_searches_are_counted_once_each() -> None:
    """They are told over and over within a turn."""
    first = received(
        serverContent={"groundingMetadata": {"webSearchQueries": ["a", "b", "", 7]}, "modelTurn": {}}
    )
    again = received(serverContent={"groundingMetadata": {"webSearchQueries": ["b", "c"]}})

    (end,) = ends(fed(live(), [ASK, first, again, done(1)]))

    assert end.report.usage is not None
    assert end.report.usage.web_searches == 3


def test_an_error_is_trouble() -> None:
    found = fed(live(), [received(error={"status": "INTERNAL"}), received(error="Oh")])

    assert found == [Trouble(at=0, error="INTERNAL"), Trouble(at=1, error="error")]


def test_binary_messages_are_read_and_what_nobody_knows_is_counted() -> None:
    reader = live()

    fed(reader, [(True, b"\x00"), (False, b"[]"), sent(newThing=1), received(setup={}), received(goAway={})])

    assert reader.unread == 4


def test_a_call_that_is_refused_is_not_waited_for() -> None:
    reader = live()
    fed(reader, [ASK])

    said = json.loads(reader.refuse(0, 429, "limit team: nothing is left", "budget_exceeded"))
    found = fed(reader, [ASK, TEXT, done(1)])

    assert said["serverContent"]["turnComplete"] is True
    assert said["error"]["message"] == "limit team: nothing is left"
    assert [e.call for e in ends(found)] == [1]
    assert json.loads(reader.refuse(None, 403, "no", "x"))["error"]["code"] == 403


@pytest.mark.parametrize(
    ("given", "clamped"),
    [
        (
            b'{"setup":{"model":"m","generationConfig":{"maxOutputTokens":900}}}',
            b'{"setup":{"model":"m","generationConfig":{"maxOutputTokens":50}}}',
        ),
        (
            b'{"setup":{"model":"m"}}',
            b'{"setup":{"generationConfig":{"maxOutputTokens":50},"model":"m"}}',
        ),
        (
            b'{"setup":{"generation_config":{"max_output_tokens":7}}}',
            b'{"setup":{"generation_config":{"max_output_tokens":7}}}',
        ),
        (b'{"clientContent":{}}', b'{"clientContent":{}}'),
        (b"\x00", b"\x00"),
    ],
    ids=["lowered", "put", "less", "no setup", "no message"],
)
def test_only_the_maximum_is_changed(given: bytes, clamped: bytes) -> None:
    assert live().clamped(given, 50) == clamped


def test_texts_are_those_that_the_model_reads() -> None:
    reader = live()
    _, setup = sent(
        setup={"system_instruction": {"parts": [{"text": "Be brief"}]}, "tools": [{"name": "look"}]}
    )

    found = [
        list(reader.texts(m))
        for m in (setup, ASK[1], ANSWER[1], sent(realtimeInput={"text": "Now"})[1], b"\0")
    ]

    assert found == [["Be brief", "look"], ["Hi"], ["look", "12"], ["Now"], []]


@st.composite
def turns(draw: st.DrawFn) -> tuple[list[Message], list[int]]:
    """Turns of any shape, each with its own usage, which may be told in parts, late, or twice."""
    messages, expected = [SETUP], []
    for n in range(1, draw(st.integers(1, 5)) + 1):
        last = n * 100 + draw(st.integers(1, 50))
        messages += draw(st.sampled_from([[], [ASK], [ASK, ASK], [HEARD], [ANSWER]]))
        messages += draw(st.sampled_from([[TEXT], [TOOL, ANSWER, TEXT], [TEXT, HEARD, MADE]]))
        messages += [received(usageMetadata=counts(last - 1))] * draw(st.integers(0, 2))
        late = received(usageMetadata=counts(last))
        messages += draw(
            st.sampled_from(
                [[done(last)], [done(last), late], [late, done()], [done(last, interrupted=True)]]
            )
        )
        expected.append(last)
    return messages, expected


@settings(deadline=None)
@given(turns())
def test_each_turn_is_metered_once(made: tuple[list[Message], list[int]]) -> None:
    messages, expected = made
    reader = live()

    found = [*fed(reader, messages), *reader.close(len(messages))]

    metered = [e for e in ends(found) if e.report.usage is not None]
    assert [used(e)["input_tokens"] for e in metered] == expected
    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends(found))


KEYS = st.sampled_from(
    "setup model generationConfig maxOutputTokens clientContent turnComplete realtimeInput text toolResponse"
    " serverContent modelTurn parts inlineData data usageMetadata promptTokenCount promptTokensDetails"
    " interrupted groundingMetadata webSearchQueries toolCall error outputTranscription".split()
)
ODD = st.dictionaries(
    KEYS, JSON | st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON), max_size=4), max_size=4
)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), ODD.map(lambda said: json.dumps(said).encode()) | st.binary()), max_size=12
    )
)
def test_no_input_raises(messages: list[Message]) -> None:
    reader = live()
    found = fed(reader, messages)

    for _, content in messages:
        assert all(isinstance(text, str) for text in reader.texts(content))
    found += reader.close(0)

    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends(found))
