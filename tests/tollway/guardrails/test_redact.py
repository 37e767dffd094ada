"""A body without what was found in it."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection.secret_values import CERTAIN
from tests.tollway.guardrails.test_literals import JSON
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.leaves import Leaf, leaves
from tollway.guardrails.memory import Memory
from tollway.guardrails.placeholder import is_placeholder, placeholder
from tollway.guardrails.redact import Redacted, redacted
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.bounded import MOST
from tollway.guardrails.spot import Searched, spots
from tollway.guardrails.unmasked import unmasked

MASK = partial(placeholder, b"made-up", "session")
P = MASK("capitals", "SECRET")
VALUES = ("SECRET", "TOP-SECRET", "GRÜN", "4111111111111111", "SEC\u200bRET")


def secret(text: str) -> Iterator[Found]:
    """Finds words in capitals, and long numbers."""
    for match in re.finditer(r"[A-ZÜ\-]{4,}|\d{16}", text):
        yield Found(
            start=match.start(), end=match.end(), kind="capitals", family=Family.SECRETS, tier=Tier.CERTAIN
        )


def masked(body: bytes) -> Redacted:
    """The body without them."""
    return redacted(body, spots(body, [secret]), MASK)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b'{"a" : "x SECRET\\n\\u00e9", "b":1.0}', f'{{"a" : "x {P}\\n\\u00e9", "b":1.0}}'),
        (b'{"a": "\\u0053ECRET"}', f'{{"a": "{P}"}}'),
        (
            b'{"a":"{\\"b\\": \\"\\u00fc\\\\nSECRET, SECRET\\"}"}',
            f'{{"a":"{{\\"b\\": \\"\\u00fc\\\\n{P}, {P}\\"}}"}}',
        ),
        (b'{"SECRET": ["SECRET"]}', f'{{"{P}": ["{P}"]}}'),
        (b"a=SECRET&\xff=SECRET", f"a={P}&\udcff={P}"),
        (b'{"data": "U0VDUkVUIGEgU0VDUkVU"}', {"data": base64.b64encode(f"{P} a {P}".encode()).decode()}),
        (b'"SECRET"', f'"{P}"'),
        (b'{"a": "\\ud800 SECRET"}', f'{{"a": "\\ud800 {P}"}}'),
    ],
)  # fmt: skip
def test_every_other_byte_stays_as_it_was(body: bytes, changed: Any) -> None:
    expected = json.dumps(changed) if isinstance(changed, dict) else changed

    assert masked(body) == Redacted(expected.encode("utf-8", "surrogateescape"), {P: "SECRET"})


def test_what_stands_for_a_number_is_a_string() -> None:
    number = MASK("capitals", "4" * 16)

    assert masked(b'{"n": %s }' % (b"4" * 16)).body == f'{{"n": "{number}" }}'.encode()


def test_a_value_is_kept_as_the_text_had_it() -> None:
    """With what has no width, which is not seen by who finds it."""
    (kept,) = masked('{"a": "x SEC\u200bRET"}'.encode()).taken.values()

    assert kept == "SEC\u200bRET"


def test_a_body_that_nothing_is_found_in_is_the_same() -> None:
    for body in (b"", b"{}", b'{"a": "b"}', b"text"):
        assert masked(body) == Redacted(body, {})


def test_what_is_masked_already_stays() -> None:
    """On the second turn, the history has placeholders that no answer was restored from."""
    body = json.dumps({"a": f"password={P}", "b": "SECRET"}).encode()
    every = spots(body, [lambda text: (one for part in (P, "SECRET") for one in all_of(part, text))])

    assert redacted(body, every, MASK) == Redacted(
        body.replace(b'"SECRET"', b'"%s"' % P.encode()), {P: "SECRET"}
    )


@pytest.mark.parametrize("text", [f"password={P}", f"password={P} SECRET"])
def test_what_is_masked_in_base64_stays(text: str) -> None:
    body, expected = (
        json.dumps({"data": base64.b64encode(said.encode()).decode()}).encode()
        for said in (text, text.replace("SECRET", P))
    )

    assert redacted(body, spots(body, [secret]), MASK).body == expected


def all_of(part: str, text: str) -> Iterator[Found]:
    """Wherever a text has a part."""
    for match in re.finditer(part, text):
        yield Found(
            start=match.start(), end=match.end(), kind="capitals", family=Family.SECRETS, tier=Tier.CERTAIN
        )


def test_the_same_value_is_the_same_on_every_turn() -> None:
    """What was there before is byte for byte what it was: the provider's cache knows it."""
    turns = [{"role": "user", "content": f"turn {number}: SECRET"} for number in range(3)]
    first, second = (masked(json.dumps({"messages": turns[:size]}).encode()).body for size in (2, 3))

    assert second.startswith(first.removesuffix(b"]}"))


@pytest.mark.parametrize("body", [b"{}", b'{"data": "%PDF-1.7"}', b'{"data": "U0VD"}'])
def test_spots_of_another_body_are_an_error(body: bytes) -> None:
    """Better than a value that leaves."""
    found = spots(b'{"data": "U0VDUkVU"}', [secret])

    with pytest.raises(ValueError, match="not of this body"):
        redacted(body, found, MASK)


def test_nothing_is_let_by_where_there_is_too_much() -> None:
    """Of a thousand secrets and more, the last is the rest of the body, in each of its texts."""
    (make,) = CERTAIN["npm_token"]
    secrets = [make(Random(number)) for number in range(MOST + 20)]
    body = json.dumps({"messages": [{"content": f"key: {one}."} for one in secrets]}).encode()

    after = redacted(body, spots(body, [load.pack().scan]), MASK).body.decode()

    assert [one for one in secrets if one in after] == []
    assert json.loads(after)["messages"][0]["content"] == f"key: {MASK('npm_token', secrets[0])}."


def shapes(password: str, token: str) -> dict[str, bytes]:
    """Bodies in which other engines find nothing, or something else (reference, section 5)."""
    spaced = "\u200b".join(token)
    coded = base64.b64encode(f"token={token}".encode()).decode()
    return {
        "a connection string with quotes": json.dumps(
            {"url": f'"postgres://app:{password}@db.lan"'}
        ).encode(),
        "the same in arguments": json.dumps(
            {"arguments": json.dumps({"cmd": f'psql "postgres://app:{password}@db.lan"'})}
        ).encode(),
        "escapes": b'{"text": "%s"}' % "".join(f"\\u{ord(char):04x}" for char in token).encode(),
        "no width": json.dumps({"text": spaced}).encode(),
        "the same, unescaped": json.dumps({"text": spaced}, ensure_ascii=False).encode(),
        "a file": json.dumps({"source": {"type": "base64", "data": coded}}).encode(),
        "base64 in a text": json.dumps({"text": f"it is {coded}"}).encode(),
        "an environment": f"A=1\nDB=postgres://app:{password}@db.lan\nTOKEN={token}\n".encode(),
    }


@pytest.mark.parametrize("name", shapes("", ""))
def test_what_others_miss_is_taken(name: str) -> None:
    """And is what it was when it is put back."""
    token = CERTAIN["npm_token"][0](Random(1))
    body = shapes("xK8fT2qLm", token)[name]

    after = redacted(body, spots(body, [load.pack().scan]), MASK)

    assert after.taken
    assert spots(after.body, [unmasked(load.pack().scan)]) == []
    assert texts(after.body, after.taken) == texts(body, {})


def test_nothing_is_shown_of_what_was_taken() -> None:
    assert repr(masked(b'{"a": "SECRET"}')) == f"Redacted({9 + len(P)} bytes, 1 taken)"


def test_no_two_values_have_one_placeholder() -> None:
    """Else one would be put back for the other."""
    found = spots(b'{"a": "SECRET", "b": "TOP-SECRET"}', [secret])

    with pytest.raises(ValueError, match="stands for two values"):
        redacted(b'{"a": "SECRET", "b": "TOP-SECRET"}', found, lambda kind, value: P)


def test_what_is_remembered_is_taken_as_well() -> None:
    """Spots of pieces are moved to the body that has them."""
    body = json.dumps({"system": "SECRET", "messages": [{"data": "U0VDUkVU"}, {"text": "a SECRET"}]}).encode()
    memory = Memory(b"made-up")
    for _ in range(2):
        looked = memory.look(body)
        news = [Searched(tuple(spots(piece.content, [secret])), 0) for piece in looked.new]
        found = memory.learn(looked, news)

        assert redacted(body, found.spots, MASK) == masked(body)


@given(
    JSON, st.lists(st.sampled_from([*VALUES, "a", "\n", '"', "\\", "é", "\U0001f600", "\ud800"])), st.data()
)
def test_what_is_put_back_makes_each_text_what_it_was(
    value: Any, parts: list[str], data: st.DataObject
) -> None:
    """Whatever it is nested in, and however it is escaped."""
    said = "".join(parts)
    coded = base64.b64encode(said.encode("utf-8", "replace")).decode()
    inner = {"value": value, "text": said, said: [4111111111111111, {"data": coded}]}
    deep = json.dumps([json.dumps(inner, ensure_ascii=data.draw(st.booleans()))])
    body = json.dumps({"outer": deep, **inner}).encode()

    after = masked(body)

    assert texts(after.body, after.taken) == texts(body, {})
    assert spots(after.body, [unmasked(secret)]) == []
    assert all(map(is_placeholder, after.taken))


def texts(body: bytes, taken: Mapping[str, str]) -> list[tuple[Any, str]]:
    """What its texts say, once values are back."""
    found = [leaf for leaf in leaves(body) if isinstance(leaf, Leaf)]
    for one, value in taken.items():
        found = [Leaf(leaf.path, leaf.text.replace(one, value), ()) for leaf in found]
    return [(len(leaf.path), leaf.text) for leaf in found]
