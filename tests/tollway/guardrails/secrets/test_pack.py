"""Rules over texts."""

import base64
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tollway.guardrails.found import Family, Tier
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.bounded import MOST
from tollway.guardrails.secrets.pack import Pack
from tollway.guardrails.secrets.rule import Rule

AROUND = st.sampled_from(
    ["", " ", "\n", '"', "'", "`", '("', "='", "\t", "é ", "日本 ", "😀\n", ": ", "</b> ", '\\"']
)


def pack(**rule: object) -> Pack:
    """Of one rule."""
    given = {"kind": "acme_key", "source": "Acme's reference", "tier": "certain", "keywords": ["acme"]}
    return Pack([msgspec.convert(given | rule, Rule)])


def places(of: Pack, text: str) -> list[tuple[str, Tier]]:
    """What was found, as the text says it."""
    return [(text[one.start : one.end], one.tier) for one in of.scan(text)]


def test_the_group_named_value_is_the_secret() -> None:
    """What stands around it is not."""
    text = "é acme=abc123, acme=def456"

    found = pack(pattern="acme=(?P<value>[a-z0-9]+)").scan(text)

    assert [(one.start, one.end) for one in found] == [(7, 13), (20, 26)]
    assert {(one.kind, one.family, one.tier) for one in found} == {("acme_key", Family.SECRETS, Tier.CERTAIN)}


def test_without_such_a_group_the_whole_is() -> None:
    """As vendors' keys are."""
    assert places(pack(pattern="acme_[a-z0-9]+"), "an acme_x7y8z9!") == [("acme_x7y8z9", Tier.CERTAIN)]


def test_a_keyword_calls_a_rule_in_any_case() -> None:
    """Without it the pattern is not tried."""
    assert places(pack(pattern="[A-Z]+[0-9]{3}"), "ACME: LMX729")
    assert not places(pack(pattern="[A-Z]+[0-9]{3}"), "EMCA: LMX729")


def test_a_rule_may_find_several_in_one_place() -> None:
    """Each is judged for itself."""
    rule = pack(pattern="acme:(?P<value>[a-z0-9,]+)", each="(?P<value>[a-z0-9]+)", least=4)

    assert [value for value, _ in places(rule, "a1b2 acme:a1b2,c3,d4e5")] == ["a1b2", "d4e5"]


@pytest.mark.parametrize(
    ("asked", "passes", "fails"),
    [
        ({"least": 6}, "a1b2c3", "a1b2"),
        ({"most": 5}, "a1b2", "a1b2c3"),
        ({"ignore": ["a1b2"]}, "a1b2c", "A1B2"),
        ({"looks": "password"}, "hunter2", "hunter"),
        ({"looks": "token"}, "x9/y8z7+", "x/yz7"),
        ({"entropy": 2500}, "a1b2c3d4", "aabbaabb1"),
        ({"classes": 3}, "aB3z9", "ab3z9"),
        ({"holds": "base64"}, "Ym9iOmh1", "Ym9iO"),
        ({}, "k3y", "changeme"),
    ],
)
def test_a_value_must_be_what_the_rule_asks_for(asked: dict[str, object], passes: str, fails: str) -> None:
    """Else it does not count."""
    rule = pack(pattern="acme=(?P<value>[A-Za-z0-9+/]+)", **asked)

    assert places(rule, f"acme={passes}") == [(passes, Tier.CERTAIN)]
    assert places(rule, f"acme={fails}") == []


def test_a_right_checksum_is_certain_and_needs_nothing_else() -> None:
    """A wrong one leaves the rule's own tier, and its other questions."""
    rule = pack(pattern="acme_[A-Za-z0-9]{36}", tier="generic", entropy=6000, checksum="crc32_base62")
    right = made.checked("acme_")(Random(1))

    assert places(rule, right) == [(right, Tier.CERTAIN)]
    assert places(rule, right[:-1] + "-") == []
    assert places(
        pack(pattern="acme_[A-Za-z0-9]{36}", tier="generic", checksum="crc32_base62"), "acme_" + "q7Z" * 12
    ) == [("acme_" + "q7Z" * 12, Tier.GENERIC)]


def test_of_two_rules_the_upper_names_it() -> None:
    """The order of the file."""
    rules = [
        msgspec.convert(
            {
                "kind": kind,
                "source": "made up",
                "tier": "certain",
                "keywords": [word],
                "pattern": "acme_[0-9a-f]+",
            },
            Rule,
        )
        for kind, word in (("upper", "me_"), ("lower", "acme"))
    ]

    assert [one.kind for one in Pack(rules).scan("acme_a1b2c3")] == ["upper"]


def test_a_secret_in_base64_is_the_whole_run() -> None:
    """No part of it says where the secret is."""
    run = made.encoded("some text with acme_x7y8z9 in it")

    assert places(pack(pattern="acme_[a-z0-9]+"), f"data:{run};") == [(run, Tier.CERTAIN)]


def test_a_lone_surrogate_is_one_character() -> None:
    """JSON can say it, UTF-8 can't."""
    assert places(pack(pattern="acme_[a-z0-9]+"), "\ud800 acme_x7y8z9") == [("acme_x7y8z9", Tier.CERTAIN)]


def test_there_are_not_more_findings_than_may_be() -> None:
    """The last goes to the end."""
    text = "acme_x7y8z9 " * (MOST + 50)

    found = pack(pattern="acme_[a-z0-9]+").scan(text)

    assert len(found) == MOST
    assert found[-1].end == len(text)


def test_a_pack_says_what_it_is() -> None:
    """For people."""
    assert load.pack().name == f"{len(load.rules())} rules of our own"


@given(st.text())
def test_any_text_gives_sorted_disjoint_findings_within_it(text: str) -> None:
    """And never raises."""
    found = load.pack().scan(text)

    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(sorted({word for rule in load.rules() for word in rule.keywords})),
            st.sampled_from(
                ["=", ": ", '"', "\n", "\\", "@", "é", "\ud800", "://", "data:", "xyz123ABC", "Ab1" * 20]
            ),
        ),
        max_size=30,
    )
)
def test_any_mixture_of_keywords_does_so_too(parts: list[str]) -> None:
    """What patterns begin with, cut off anywhere."""
    text = "".join(parts)

    found = load.pack().scan(text)

    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@given(st.sampled_from(sorted(made.CERTAIN)), st.integers(0, 200), AROUND, AROUND, st.text(max_size=20))
def test_a_vendors_key_is_found_at_its_place_in_any_surroundings(
    kind: str, seed: int, before: str, after: str, far: str
) -> None:
    """Spaces, quotes, code; characters of several bytes before it do not move it."""
    shown, value = made.of(kind, Random(seed))
    text = f"{far} {before}{shown}{after} {far}"
    start = text.index(value)

    found = load.pack().scan(text)

    assert any(
        one.tier is Tier.CERTAIN and one.start <= start and start + len(value) <= one.end for one in found
    ), (kind, found)


@pytest.mark.parametrize("between", [" ", "\n", ",", ";", '"'])
@pytest.mark.parametrize("kind", sorted(made.CERTAIN))
def test_two_keys_with_one_character_between_them_are_two(kind: str, between: str) -> None:
    """A list of them, say."""
    shown = [made.of(kind, Random(f"{kind} {seed}")) for seed in range(3)]
    text = between.join(text for text, _ in shown)

    found = [one for one in load.pack().scan(text) if one.tier is Tier.CERTAIN]

    for _, value in shown:
        start = text.index(value)
        assert any(one.start <= start and start + len(value) <= one.end for one in found)


def test_base64_of_base64_is_one_layer_too_deep() -> None:
    """What it does not do."""
    once = made.encoded("some text with acme_x7y8z9 in it")

    assert not places(pack(pattern="acme_[a-z0-9]+"), base64.b64encode(once.encode()).decode())
