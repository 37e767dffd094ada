"""Tags are as DESIGN section 5 has them; what is none is left out of a header, and refused in a command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.tags import AT_MOST, check_tag, parse_tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", {}),
        ("project=apollo", {"project": "apollo"}),
        ("project=apollo, env=ci", {"project": "apollo", "env": "ci"}),
        ("project=apollo,\tenv=ci \t", {"project": "apollo", "env": "ci"}),
        ("a.b-c_9=x", {"a.b-c_9": "x"}),
        ("a= x y ", {"a": "x y"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=Zürich", {"a": "Zürich"}),
        ("a=1,a=2", {"a": "2"}),
        (f"{'k' * 32}={'v' * 64}", {"k" * 32: "v" * 64}),
        (f"a=  {'v' * 64}  ", {"a": "v" * 64}),
        (f"{'k' * 33}=v", {}),
        (f"k={'v' * 65}", {}),
        ("=v, k=, k= , Key=v, k v, ,,", {}),
        ("a=x\x1b[31m, b=\x9b31m, c=\udcff, d=\x7f", {}),
        ("no tag, but=one", {"but": "one"}),
    ],
)
def test_a_header_gives_its_tags(text: str, tags: dict[str, str]) -> None:
    """A call does not fail for a tag that is none."""
    assert parse_tags(text) == tags


def test_those_past_the_eighth_are_left_out() -> None:
    """What is no tag does not count."""
    text = ", ".join(["NOT", *(f"t{n}={n}" for n in range(12))])

    assert parse_tags(text) == {f"t{n}": str(n) for n in range(8)}


KEYS = st.from_regex(r"[a-z0-9_.-]{1,32}", fullmatch=True)
VALUES = (
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=","), min_size=1, max_size=64)
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=AT_MOST))
def test_what_is_written_as_a_header_is_read_as_it_was(tags: dict[str, str]) -> None:
    """Order included."""
    read = parse_tags(", ".join(f"{key}={value}" for key, value in tags.items()))

    assert list(read.items()) == list(tags.items())


@given(st.one_of(st.text(), st.binary().map(lambda b: b.decode("utf-8", "surrogateescape"))))
def test_what_is_read_is_always_sound(text: str) -> None:
    """Whatever a client sends: eight short tags of Unicode text at most."""
    tags = parse_tags(text)

    assert len(tags) <= AT_MOST
    for key, value in tags.items():
        assert re.fullmatch(r"[a-z0-9_.-]{1,32}", key)
        assert 1 <= len(value) <= 64
        assert value == value.strip(" ")
        assert value.encode()


@pytest.mark.parametrize(
    ("text", "tag"), [("project=apollo", ("project", "apollo")), ("a= b c ", ("a", "b c"))]
)
def test_a_tag_of_a_command_line_is_the_same(text: str, tag: tuple[str, str]) -> None:
    """`run --tag` and the header agree."""
    assert check_tag(text) == tag
    assert parse_tags(text) == dict([tag])


@pytest.mark.parametrize("text", ["", "project", "=x", "a=", "a= ", "A=x", "a=b,c=d", "a=\x1b"])
def test_what_is_no_tag_is_refused_with_what_one_looks_like(text: str) -> None:
    """The value is quoted, and the form is said."""
    with pytest.raises(ValueError, match=re.escape(repr(text))) as refused:
        check_tag(text)

    assert "KEY=VALUE" in str(refused.value)
