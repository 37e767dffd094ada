"""The calls of a file as lines: what costs or may cost, or all there is."""

from tests.tollway.recorded.samples import entry
from tests.tollway.recorded.socket_samples import call, opened
from tests.tollway.recorded.test_pricing import priced
from tests.tollway.recorded.test_total import CALLS
from tollway.recorded.listing import HEADINGS, left_out, lines, shown

NOTES = (
    "-",
    "-",
    "not_a_provider https://example.com/",
    "notional",
    "estimated, no_usage",
    "unknown_call https://api.openai.com/v1/something-new",
    "damaged: startedDateTime is a number, not text https://api.openai.com/v1/chat/completions",
    "http_429",
)


def test_what_costs_or_may_cost_or_is_damaged_has_a_line() -> None:
    assert [call.n for call in shown(CALLS, False)] == [0, 1, 3, 4, 5, 6, 7]
    assert shown(CALLS, True) == CALLS


def test_a_line_has_what_heads_it_says() -> None:
    found = lines(CALLS)

    assert {len(line) for line in found} == {len(HEADINGS)}
    assert found[0][:-1] == ["0", "openai", "gpt-4o", "chat", "200", "1000", "200", "0.004500"]
    assert found[2][:-1] == ["2", "-", "-", "-", "200", "-", "-", "-"]
    assert found[5][:-1] == ["5", "openai", "-", "-", "200", "-", "-", "-"]
    assert tuple(line[-1] for line in found) == NOTES


def test_flags_are_noted_once() -> None:
    (call,) = priced(
        entry(asked={"model": "unheard-of", "messages": []}, answer={"usage": {"prompt_tokens": 1000}})
    )

    assert lines([call])[0][-1] == "unknown_price"


def test_what_has_no_line_is_counted() -> None:
    others = priced(entry("https://example.com/"), entry("https://a.example/"), entry(method="OPTIONS"))

    assert left_out(others) == "3 other entries: 2 not_a_provider, 1 not_inference (--all lists them)"
    assert left_out(CALLS) == "1 other entry: 1 not_a_provider (--all lists them)"
    assert left_out(CALLS[:2]) == ""


def test_no_control_character_reaches_a_terminal() -> None:
    (call,) = priced(entry(asked={"model": "\x1b[2J", "messages": []}, answer="{}"))

    assert "\x1b" not in "".join(lines([call])[0])


def test_the_calls_on_a_socket_have_one_line() -> None:
    several, one = priced(opened(*call("a"), *call("b")), opened(*call("c")))

    assert [line[5:] for line in lines([several, one])] == [
        ["2000", "400", "0.0090", "2 calls"],
        ["1000", "200", "0.0045", "-"],
    ]
