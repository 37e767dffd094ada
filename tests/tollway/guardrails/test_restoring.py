"""Values that are put back."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.placeholder import LONGEST, placeholder
from tollway.guardrails.redact import redacted
from tollway.guardrails.restoring import Restoring
from tollway.guardrails.spot import spots

MASK = partial(placeholder, b"made-up", "session")
EMAIL, OTHER = MASK("email", "jane@firma.de"), placeholder(b"made-up", "other", "email", "jane@firma.de")
ANY = st.text(st.characters(), max_size=20)


def restored(text: str, taken: dict[str, str], cuts: Sequence[int] = (), quoted: bool = False) -> str:
    """All that comes out for a text that is cut there."""
    restoring = Restoring(taken, quoted)
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    return "".join([*map(restoring.feed, pieces), restoring.end()])


@pytest.mark.parametrize("size", range(1, len(EMAIL) + 5))
def test_a_placeholder_is_restored_wherever_it_is_cut(size: int) -> None:
    """In LiteLLM one that is split across deltas is not (BerriAI/litellm#29134)."""
    text = f"to {EMAIL}, {EMAIL}{EMAIL}!"

    assert restored(text, {EMAIL: "jane"}, range(0, len(text), size)) == "to jane, janejane!"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.swapcase])
def test_a_placeholder_is_restored_however_a_model_spells_it(spell: Callable[[str], str], size: int) -> None:
    """In small letters, say, where it writes an address or a file's name."""
    text = f"to {spell(EMAIL)}, {spell(OTHER)}"

    assert restored(text, {EMAIL: "jane"}, range(0, len(text), size)) == f"to jane, {spell(OTHER)}"


def test_other_letters_that_only_become_its_own_are_none() -> None:
    """As Unicode has it, these are an s and a k in another case."""
    mask = "REDACTED_SK_sksksksksksk"
    for other in (mask.replace("S", "\u017f"), mask.replace("k", "\u212a"), mask.replace("s", "\u017f")):
        assert restored(other, {mask: "jane"}, range(99)) == other


def test_only_the_beginning_of_a_placeholder_is_held_back() -> None:
    restoring = Restoring({EMAIL: "jane"}, quoted=False)

    assert restoring.feed("Write to REDUCED") == "Write to REDUCED"
    assert restoring.feed(" or") == " o"
    assert restoring.feed(" RED") == "r "
    assert restoring.feed("ACTED_EMAIL_") == ""
    assert restoring.feed("!") == "REDACTED_EMAIL_!"
    assert restoring.feed(EMAIL[:-1]) == ""
    assert restoring.feed(f"?{EMAIL[:4]}") == f"{EMAIL[:-1]}?"
    assert restoring.end() == EMAIL[:4]
    assert restoring.end() == ""
    assert not restoring.ended


def test_nothing_is_held_back_where_nothing_was_taken() -> None:
    assert Restoring({}).feed(EMAIL[:-1]) == EMAIL[:-1]


def test_what_was_taken_from_others_is_never_put_back() -> None:
    """In LiteLLM it might be, of all that is in a shared table (BerriAI/litellm#19950)."""
    assert restored(f"{OTHER} {EMAIL}", {EMAIL: "jane"}) == f"{OTHER} jane"


def test_a_value_is_not_looked_at_again() -> None:
    taken = {EMAIL: f"{OTHER[:9]}{OTHER}", OTHER: "x"}

    assert restored(f"{EMAIL}{OTHER}", taken) == f"{OTHER[:9]}{OTHER}x"
    assert restored(f"{EMAIL}_EMAIL", {EMAIL: "REDACTED"}, [len(EMAIL)]) == "REDACTED_EMAIL"


def test_a_value_is_quoted_in_json() -> None:
    """Arguments of a tool are; in LiteLLM they are never restored (BerriAI/litellm#31950)."""
    value = 'a"b\\\n\u2028é\ud800 \udcff'

    said = restored(json.dumps({"to": EMAIL}), {EMAIL: value}, range(99), quoted=True)

    assert json.loads(said) == {"to": value}
    assert said.encode()


def test_a_placeholder_with_escapes_in_it_is_none() -> None:
    text = f'"\\u0052{EMAIL[1:]}"'

    assert restored(text, {EMAIL: "jane"}, quoted=True) == text


def test_placeholders_may_begin_with_anything() -> None:
    assert restored("a<b>c[d]<b", {"<b>": "B", "[d]": "D"}, range(9)) == "aBcD<b"


def test_at_the_most_one_placeholder_is_pending() -> None:
    taken = {MASK("k" * size, "value"): "v" for size in range(40)}
    restoring, fed, said = Restoring(taken), 0, 0
    for one in taken:
        for char in f"R{one[:30]}{one}REDACTED_":
            fed, said = fed + 1, said + len(restoring.feed(char).replace("v", one))
            assert fed - said < LONGEST


@given(st.lists(st.tuples(st.sampled_from(["email", "card"]), ANY), max_size=6), st.data(), st.booleans())
def test_what_was_taken_is_put_back_for_any_text_and_any_cuts(
    values: list[tuple[str, str]], data: st.DataObject, quoted: bool
) -> None:
    taken = {MASK(kind, value): value for kind, value in values}
    noise = st.one_of(st.sampled_from(["RE", "REDACTED_", EMAIL[:20], OTHER, "\\", '"']), ANY)
    drawn = [*map(st.just, taken), noise]
    parts = data.draw(st.lists(st.one_of(drawn), max_size=12))
    text, whole = "".join(parts), "".join(taken.get(part, part) for part in parts)
    if quoted:
        text, whole = json.dumps(text), json.dumps(whole)
    cuts = data.draw(st.lists(st.integers(0, len(text))))

    said = restored(text, taken, cuts, quoted)

    assert (json.loads(said) == json.loads(whole)) if quoted else (said == whole)


@given(st.text(), st.data())
def test_a_body_is_redacted_and_restored_to_itself(text: str, data: st.DataObject) -> None:
    """Of what a model repeats, whatever was found in it."""
    borders = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    found = [
        Found(start=start, end=end, kind="email", family=Family.PERSONAL, tier=Tier.CERTAIN)
        for start, end in zip(borders[::2], borders[1::2], strict=False)
    ]
    body = text.encode("utf-8", "replace")
    if len(text) < 4 or text.startswith(("{", "[", '"')) or text.strip().isdigit():
        return
    after = redacted(body, spots(body, [lambda _: found]), MASK)

    said = restored(
        after.body.decode(), dict(after.taken), data.draw(st.lists(st.integers(0, len(after.body))))
    )

    assert said == body.decode()
