"""The texts of a body."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.test_literals import JSON
from tollway.guardrails.inside import NESTED
from tollway.guardrails.layers import Edit
from tollway.guardrails.leaves import Leaf, Unread, leaves, lifted, rewritten

PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def told(value: Any) -> dict[str, str]:
    """What the texts of a JSON value say, by their path; keys not."""
    body = json.dumps(value).encode()
    return {
        "/".join(map(str, leaf.path)): leaf.text
        for leaf in leaves(body)
        if isinstance(leaf, Leaf) and leaf.path
    }


def replaced(body: bytes, old: str, new: str) -> bytes:
    """The body with a word changed in each of its texts."""
    edits = list[Edit]()
    for leaf in leaves(body):
        if isinstance(leaf, Leaf) and (at := leaf.text.find(old)) >= 0:
            edits += leaf.lift([Edit(at, at + len(old), new)])
    return rewritten(body, edits)


def test_texts_are_found_wherever_a_request_has_them() -> None:
    call = {"id": "call_1", "arguments": json.dumps({"path": ".env", "inner": json.dumps({"deep": "text"})})}
    found = told({"messages": [{"role": "user", "content": [{"text": "grün\n"}]}, {"tool_calls": [call]}]})

    assert found["messages/0/content/0/text"] == "grün\n"
    assert found["messages/1/tool_calls/0/arguments/path"] == ".env"
    assert found["messages/1/tool_calls/0/arguments/inner/deep"] == "text"


def test_a_text_that_only_looks_like_json_is_read_as_it_is() -> None:
    """Else what stands between brackets and quotes would be seen by nobody."""
    for text in ("[INFO password=hunter2]", "{'a': 1}", "[1] and more]"):
        assert told({"a": text}) == {"a": text}


def test_json_in_json_is_followed_so_far() -> None:
    value: Any = "text"
    for _ in range(NESTED + 1):
        value = json.dumps([value])

    (text,) = told([value]).values()

    assert text == '["text"]'


def test_text_in_base64_is_read_and_pictures_are_named() -> None:
    text = base64.b64encode("pässword: x".encode()).decode()
    body = json.dumps(
        {
            "data": text,
            "url": f"data:text/plain;charset=utf-8;base64,{text}",
            "image_url": {"url": f"data:image/png;base64,{PICTURE.decode()}"},
            "source": {"data": PICTURE.decode()},
            "zero": {"data": base64.b64encode(b"a\0b").decode()},
            "broken": {"data": "abcde"},
            "plain": {"data": "no base64!"},
            "elsewhere": text,
        }
    ).encode()
    found = {
        leaf.path: leaf for leaf in leaves(body) if leaf.path[-1:] in (("data",), ("url",), ("elsewhere",))
    }

    assert {path: leaf.text for path, leaf in found.items() if isinstance(leaf, Leaf)} == {
        ("data",): "pässword: x",
        ("url",): "pässword: x",
        ("plain", "data"): "no base64!",
        ("zero", "data"): "YQBi",
        ("broken", "data"): "abcde",
        ("elsewhere",): text,
    }
    assert {path: leaf.size for path, leaf in found.items() if isinstance(leaf, Unread)} == {
        ("image_url", "url"): 352, ("source", "data"): 352,
    }  # fmt: skip


def test_what_providers_made_is_not_looked_at() -> None:
    assert told({"signature": "AbCd" * 50, "thinking": "hmm, ..."}) == {"thinking": "hmm, ..."}


def test_a_member_that_only_is_called_so_is() -> None:
    """A tool that sends mail is called with a `signature`, too: it left unseen."""
    said = {"signature": "Kind regards, " + "Erika " * 50, "encrypted_content": "ab-1234"}

    assert told(said) == said


def test_a_word_or_a_key_is_no_file() -> None:
    """Such as an answer has as its `data`: it left unseen, since it looks like base64."""
    said = {"data": "gh" + "x_" + "AbC9" * 9, "bytes": "bluebird"}

    assert told(said) == said


def test_json_in_a_string_that_no_bytes_say_is_read_as_a_text() -> None:
    """Clients write halves of surrogate pairs where they cut a text: it was an error."""
    text = '{"a": "\ud800"}'

    assert told([text]) == {"0": text}


def test_a_body_that_is_no_json_is_one_text() -> None:
    for body in (b"a=secret", b'{"a": sk-live}', b'{"a": "b', b"", b"[" * 2_000 + b"]" * 2_000):
        (leaf,) = leaves(body)

        assert isinstance(leaf, Leaf)
        assert (leaf.path, leaf.text) == ((), body.decode())


def test_a_body_that_only_some_readers_take_is_read_like_theirs() -> None:
    (key, leaf) = leaves(b'{"text": "a\\ud800\xff\nb"}')

    assert isinstance(leaf, Leaf)
    assert (key.path, leaf.text) == ((), "a\ud800\udcff\nb")


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b'{"a" : "x SECRET\\n\\u00e9"}', b'{"a" : "x <\xc3\xbc\\">\\n\\u00e9"}'),
        (b'{"a":"{\\"b\\": \\"SECRET\\"}"}', b'{"a":"{\\"b\\": \\"<\xc3\xbc\\\\\\">\\"}"}'),
        (b"a=SECRET&b", b'a=<\xc3\xbc">&b'),
        (b'{"data": "U0VDUkVU"}', b'{"data": "PMO8Ij4="}'),
        (b'{"url": "data:;base64,YSBTRUNSRVQ="}', b'{"url": "data:;base64,YSA8w7wiPg=="}'),
    ],
)
def test_only_what_changes_is_written_anew(body: bytes, changed: bytes) -> None:
    assert replaced(body, "SECRET", '<ü">') == changed


def test_what_takes_the_place_of_a_number_is_a_string() -> None:
    assert replaced(b'{"card": 4111111111111111}', "4111111111111111", "<CARD>") == b'{"card": "<CARD>"}'


def test_a_text_that_nothing_changes_in_stays() -> None:
    for body in (b'{"data": "U0VDUkVU"}', b"[123456789]"):
        assert rewritten(body, [edit for leaf in leaves(body) for edit in leaf.lift([])]) == body  # type: ignore[union-attr]


@given(JSON, st.data())
def test_a_change_changes_this_text_and_no_other(value: Any, data: st.DataObject) -> None:
    """Whatever it is nested in, and however it is escaped."""
    value = {"outer": json.dumps({"value": value, "text": data.draw(st.text(min_size=4))})}
    body = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode()
    found = [leaf for leaf in leaves(body) if isinstance(leaf, Leaf)]
    leaf = data.draw(st.sampled_from([leaf for leaf in found if leaf.path[-1:] == ("text",)] or found))
    start = data.draw(st.integers(0, len(leaf.text)))
    end = data.draw(st.integers(start, len(leaf.text)))

    after = rewritten(body, leaf.lift([Edit(start, end, "<x>")]))

    texts = [one.text for one in leaves(after) if isinstance(one, Leaf)]
    expected = [leaf.text[:start] + "<x>" + leaf.text[end:] if one is leaf else one.text for one in found]
    assert [text for text in texts if len(text) >= 4] == [text for text in expected if len(text) >= 4]


@given(JSON, st.text(), st.data())
def test_parts_of_many_texts_are_where_each_is_by_itself(value: Any, text: str, data: st.DataObject) -> None:
    coded = base64.b64encode(text.encode("utf-8", "replace")).decode()
    inner = json.dumps([value, text, {"data": coded, "text": text}], ensure_ascii=data.draw(st.booleans()))
    body = json.dumps([inner, value, 123456789, {"data": coded, "text": inner}]).encode()
    places = [
        (leaf, (start, start + 1))
        for leaf in leaves(body)
        if isinstance(leaf, Leaf)
        for start in data.draw(
            st.sets(st.integers(0, len(leaf.text) - 1), max_size=3) if leaf.text else st.just({})
        )
    ]

    alone = [leaf.lift([Edit(*span, "")])[0][:2] for leaf, span in places]

    assert lifted(places) == alone
