"""Each text of an answer has its filter, from its beginning to its end."""

from tests.tollway.guardrails.answers.filtering import Heard, Stopping, at_end, holding
from tollway.guardrails.answers.channel import Channel, Filter
from tollway.guardrails.answers.chat import Chat
from tollway.guardrails.answers.flow import Change, Flow
from tollway.guardrails.answers.gemini import Gemini
from tollway.guardrails.answers.responses import Responses


def chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
    return {"choices": [{"delta": delta, "finish_reason": finish}]}


def parts(*given: dict[str, object]) -> dict[str, object]:
    return {"candidates": [{"content": {"parts": [*given]}}]}


def test_what_no_filter_changes_changes_nothing() -> None:
    """Of a text that is held back, what was said of it does."""
    flow = Flow(Chat(), holding(Heard(), (0, 1)))

    assert flow.take(chunk({"content": "one"})) == Change([], {})
    assert flow.take(chunk({"content": "two"})) == Change([], {("choices", 0, "delta", "content"): "tw"})


def test_a_message_without_texts_may_be_the_end() -> None:
    """What was held back then comes first."""
    flow = Flow(Chat(), holding(Heard(), (9,)))
    flow.take(chunk({"content": "one"}))

    (before,), values = flow.take(None, last=True)

    assert before["choices"][0]["delta"] == {"content": "one"}
    assert values == {}
    assert flow.take(None, last=True) == Change([], {})


def test_two_pieces_of_a_text_may_stand_in_one_message() -> None:
    """What was held back goes with the last of them."""
    flow = Flow(Gemini(), holding(Heard(), (9,)))

    change = flow.take(parts({"text": "a"}, {"text": "b"}), last=True)

    path = ("candidates", 0, "content", "parts")
    assert change == Change([], {(*path, 0, "text"): "", (*path, 1, "text"): "ab"})


def test_a_text_that_goes_on_behind_another_one_has_a_filter_of_its_own() -> None:
    """It was over once the other began."""
    heard = Heard()
    flow = Flow(Gemini(), holding(heard))

    call = parts({"functionCall": {"args": {"x": "y"}}})
    for one in (parts({"text": "a"}), call, parts({"text": "b"}), parts({"text": "c"})):
        flow.take(one)
    flow.take(None, last=True)

    assert [channel.key for channel in heard.ends] == [(0, "text"), (0, "args", "x"), (0, "text")]


def test_a_text_of_responses_that_goes_on_is_the_same_as_a_whole() -> None:
    """Whatever ended it between."""
    flow = Flow(Responses(), holding(Heard(), (0,), True))
    said = {"type": "response.output_text.delta", "delta": "te"}
    thought = {"type": "response.reasoning_text.delta", "delta": "x"}

    changes = [
        flow.take(one) for one in (said, thought, said, {"type": "response.output_text.done", "text": "tete"})
    ]

    assert changes[-1].values == {("text",): '😀"😀"'}


def test_behind_the_end_nothing_is_fed() -> None:
    """All that the same message says there is empty, and nothing that others held back comes."""
    heard = Heard()

    def filters(channel: Channel) -> Filter:
        return Stopping("stop") if channel.key[1] == "refusal" else holding(heard, (9,))(channel)

    flow = Flow(Chat(), filters)
    flow.take(chunk({"content": "held"}))
    change = flow.take(chunk({"refusal": "do stop it", "content": "more"}, "stop"))

    assert flow.ended
    assert change == Change(
        [],
        {
            ("choices", 0, "delta", "refusal"): "do ",
            ("choices", 0, "delta", "content"): "",
            ("choices", 0, "finish_reason"): "content_filter",
        },
    )
    assert list(heard.fed.values()) == ["held"]
    assert heard.ends == []


def test_a_text_may_end_the_answer_as_another_one_begins() -> None:
    """Nothing of that goes on."""
    flow = Flow(Chat(), at_end)
    flow.take(chunk({"reasoning": "hm"}))

    (before,), values = flow.take(chunk({"content": "never"}))

    assert flow.ended
    assert before["choices"][0]["delta"] == {"reasoning": "hm"}
    assert values == {("choices", 0, "delta", "content"): ""}


def test_a_whole_text_may_end_the_answer() -> None:
    """As it is fed, or as it ends."""
    call = parts({"functionCall": {"args": {"x": "a bad", "y": "z"}}})
    path = ("candidates", 0, "content", "parts", 0, "functionCall", "args")
    fed, ended = Flow(Gemini(), lambda channel: Stopping("bad")), Flow(Gemini(), at_end)

    assert fed.take(call).values == {(*path, "x"): "a ", (*path, "y"): ""}
    assert ended.take(call).values == {(*path, "y"): ""}
    assert fed.ended
    assert ended.ended
