"""What guardrails make of the texts of one answer."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

import pytest
from msgspec.structs import replace

from tests.tollway.guardrails.spotted import rule
from tollway.guardrails.answering import Answering, Behind, Guards
from tollway.guardrails.answers import Channel, What
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.restoring import Restoring
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Known
from tollway.guardrails.words import Own, own_words

TEXT = Channel(What.TEXT, (0, "text"))
ARGUMENTS = Channel(What.ARGUMENTS, (0, "tools", 1), tool="web_search", json=True)
MASK = placeholder(b"key", "a session", "names", 'Ann "A" Lee')
TAKEN = {MASK: 'Ann "A" Lee'}


def number(text: str) -> Iterator[Found]:
    """Finds a number that is long."""
    at = text.find("41111111")
    if at >= 0:
        yield Found(start=at, end=at + 8, kind="card", family=Family.PERSONAL, tier=Tier.CERTAIN)


def answering(
    *rules: Rule, taken: Mapping[str, str] | None = None, never_into: Collection[str] = ()
) -> Answering:
    return Answering(
        Guards(
            [replace(one, reach=8) for one in rules],
            (own_words(Own("names", ("bluebird", "falcon"))), number),
            lambda kind, value: Known(f"mark of {value}", frozenset({7} if value == "falcon" else ())),
            lambda kind, value: f"<{kind}>",
            taken or {},
            frozenset(never_into),
        )
    )


def said(one: Answering, *pieces: str, channel: Channel = TEXT) -> str:
    """What goes on of a text."""
    filter = one.filter(channel)
    parts = [filter.feed(piece) for piece in pieces if not filter.ended]
    return "".join(parts if filter.ended else [*parts, filter.end()])


REDACT, BLOCK, FLAG = (
    rule({"names", "card"}, do, number=n) for n, do in enumerate((Do.REDACT, Do.BLOCK, Do.FLAG))
)


@pytest.mark.parametrize(
    ("rules", "taken", "texts", "passes"),
    [
        ((), {}, ["a bluebird"], True),
        ((FLAG,), {}, ["a blue", "bird", ""], True),
        ((FLAG,), {}, ["a", "bluebird"], False),
        ((FLAG,), TAKEN, ["nothing", "REDACTED_NAMES_"], True),
        ((FLAG,), TAKEN, ["nothing", f"from {MASK}"], False),
        ((), TAKEN, [MASK], False),
    ],
)
def test_what_passes_as_it_is_is_known_by_its_texts(
    rules: Sequence[Rule], taken: Mapping[str, str], texts: Sequence[str], passes: bool
) -> None:
    """It is what going through them says."""
    one = answering(*rules, taken=taken)
    assert one.passes(texts) is passes
    through = [said(one, text) for text in texts]
    assert (through == texts and not one.findings) is passes


def test_without_guardrails_a_text_passes() -> None:
    assert said(answering(), "a blue", "bird") == "a bluebird"


@pytest.mark.parametrize(
    ("one", "expected"),
    [(REDACT, "a <names>, and on"), (BLOCK, "a "), (FLAG, "a bluebird, and on")],
    ids=["redact", "block", "flag"],
)
def test_each_does_what_it_is_to_do_and_says_so(one: Rule, expected: str) -> None:
    made = answering(one)

    assert said(made, "a blue", "bird, ", "and on") == expected
    (found,) = made.findings
    assert (found.kind, found.at, found.mark, found.do, found.text) == (
        "names", "/text/0/text", "mark of bluebird", one.certain, "response",
    )  # fmt: skip


def test_of_several_the_strictest_is_done() -> None:
    assert said(answering(FLAG, REDACT, BLOCK), "a bluebird flies") == "a "


def test_one_in_shadow_only_says_so() -> None:
    made = answering(rule({"names"}, Do.BLOCK, shadow=True))

    assert said(made, "a bluebird") == "a bluebird"
    assert [(one.do, one.shadow) for one in made.findings] == [(Do.BLOCK, True)]


def test_what_a_rule_lets_pass_is_nothing() -> None:
    made = answering(rule({"names"}, Do.BLOCK, number=7))

    assert said(made, "a falcon") == "a falcon"
    assert made.findings == ()


def test_each_value_is_told_once_with_how_often() -> None:
    made = answering(FLAG)
    said(made, "bluebird\n" * 3, "falcon")

    assert [(one.mark, one.times) for one in made.findings] == [
        ("mark of bluebird", 3),
        ("mark of falcon", 1),
    ]


def test_a_rule_that_wants_several_acts_from_the_one_that_makes_them_enough() -> None:
    """Over all texts of the answer; the same one twice is one."""
    made = answering(rule({"names"}, Do.REDACT, least=2))

    assert said(made, "bluebird\nbluebird\nfalcon\n") == "bluebird\nbluebird\n<names>\n"
    assert said(made, "bluebird\n") == "<names>\n"


def test_a_word_that_is_flagged_hides_nothing_that_is_to_be_taken_out() -> None:
    flag, redact = rule({"names"}, Do.FLAG), rule({"card"}, Do.REDACT, number=1)
    made = Answering(
        Guards([replace(flag, reach=30), redact], (own_words(Own("names", ("no 41111111 ever",))), number))
    )

    assert said(made, "it is no 41111111 ever\n") == "it is no  ever\n"


def test_what_was_taken_is_put_back() -> None:
    assert said(answering(taken=TAKEN), f"Dear {MASK[:9]}", f"{MASK[9:]},") == 'Dear Ann "A" Lee,'


def test_into_json_it_goes_with_jsons_escapes() -> None:
    text = said(answering(taken=TAKEN), json.dumps({"to": f"{MASK}!"}), channel=ARGUMENTS)

    assert json.loads(text) == {"to": 'Ann "A" Lee!'}


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("size", [1, 1000])
def test_into_json_in_a_string_of_json_it_goes_with_the_escapes_of_both(is_json: bool, size: int) -> None:
    """It had those of one, so that a tool got no JSON."""
    body: object = {"to": [f"{MASK}!"], "n": json.dumps({"of": MASK})}
    given = json.dumps({"body": json.dumps(body)} if is_json else body)
    channel = replace(ARGUMENTS, json=is_json)
    pieces = [given[at : at + size] for at in range(0, len(given), size)]

    text = said(answering(taken=TAKEN), *pieces, channel=channel)

    got = json.loads(text)
    got = json.loads(got["body"]) if is_json else got
    assert got["to"] == ['Ann "A" Lee!']
    assert json.loads(got["n"]) == {"of": 'Ann "A" Lee'}


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_escapes_in_json_hide_nothing(size: int) -> None:
    """Not what is looked for, and no placeholder."""
    escaped = "".join(f"\\u{ord(char):04x}" for char in f"bluebird {MASK}")
    pieces = [f'{{"a": "{escaped}"}}'[at : at + size] for at in range(0, 400, size)]

    assert json.loads(said(answering(REDACT, taken=TAKEN), *pieces, channel=ARGUMENTS)) == {
        "a": '<names> Ann "A" Lee'
    }
    assert not answering(REDACT).passes(["".join(pieces)])
    assert not answering(taken=TAKEN).passes(["".join(pieces)])


def test_what_is_put_back_is_not_looked_through() -> None:
    """It is the caller's own: BerriAI/litellm#28197."""
    assert said(answering(REDACT, taken={MASK: "bluebird"}), f"{MASK}, falcon") == "bluebird, <names>"


def test_into_what_nothing_reads_nothing_is_put_back() -> None:
    """It may be what a tool is called with that is not to have it."""
    assert said(answering(taken=TAKEN), MASK, channel=Channel(What.UNREAD, ())) == MASK


@pytest.mark.parametrize(
    ("tool", "gets"), [("web_search", False), (None, False), ("save", True), ("my_web_search", True)]
)
def test_into_some_tools_nothing_is_put_back(tool: str | None, gets: bool) -> None:
    """Nor into one that nobody names; elsewhere it is."""
    made = answering(taken=TAKEN, never_into=["web_*"])
    channel = Channel(What.ARGUMENTS, (0, "tools", 0), tool=tool)

    assert said(made, MASK, channel=channel) == ('Ann "A" Lee' if gets else MASK)
    assert said(made, MASK) == 'Ann "A" Lee'


def test_a_number_in_json_becomes_a_number() -> None:
    """A word there would be no JSON."""
    text = said(answering(REDACT), '{"card": 4111', '1111, "name": "bluebird"}', channel=ARGUMENTS)

    assert json.loads(text) == {"card": 0, "name": "<names>"}


def test_what_is_held_goes_on_where_the_answer_ends() -> None:
    made = answering(BLOCK, taken=TAKEN)

    assert said(made, f"a {MASK[:12]}\nbluebird") == f"a {MASK[:12]}\n"


def test_what_the_first_of_two_filters_lets_pass_goes_through_the_second() -> None:
    both = Behind(Restoring({"ab": "xy"}), Restoring({"xyz": "!"}))

    assert both.feed("aa") == "a"
    assert both.ended is False
    assert both.feed("bz, ") + both.end() == "!, "


def test_nothing_is_shown_of_what_was_taken() -> None:
    assert repr(Guards(taken=TAKEN)) == "Guards(0 rules, 1 taken)"


def test_arguments_in_which_something_is_only_flagged_pass_as_they_are_written() -> None:
    """With escapes that nobody needs, and cut in one."""
    one = answering(FLAG)
    text = '{"path": "\\/a", "say": "blue\\u0062ird"}'

    assert said(one, text[:27], text[27:], channel=ARGUMENTS) == text
    assert [found.kind for found in one.findings] == ["names"]
