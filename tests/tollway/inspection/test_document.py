"""`tollway.inspection.document`: answers that are no event streams."""

from typing import Any

import pytest

from tollway.inspection import document as module
from tollway.inspection.document import CUT, Document, document, loaded


@pytest.mark.parametrize(
    ("body", "messages", "text", "remark"),
    [
        (b"", [], "", None),
        (b' {"a": 1}\n', [{"a": 1}], "", None),
        (b'[{"a": 1}, 2, {"b": 2}]', [{"a": 1}, {"b": 2}], "", None),
        (b"[[0.5, 1]]", [{"embeddings": [[0.5, 1]]}], "", None),
        (b'"text"', [], "", None),
        (b'{"a": 1}\n\n{"b": 2}\n', [{"a": 1}, {"b": 2}], "", None),
        (b'{"a": 1}\n{"b": 2', [{"a": 1}], "", CUT),
        (b'{"a": 1}\n[]', [{"a": 1}], "", None),
        (b'[{"a": 1},\n{"b": 2', [{"a": 1}], "", CUT),
        (b'{"a": "hal', [{"a": "hal"}], "", CUT),
        (b'data: {"a": 1}\n\ndata: [DONE]\n\ndata: {"b": 2}', [{"a": 1}, {"b": 2}], "", None),
        (b"1\n00:00 Pay at the gate.", [], "1\n00:00 Pay at the gate.", None),
        (b"\xff gate", [], "� gate", None),
    ],
)
def test_what_a_body_holds(
    body: bytes, messages: list[dict[str, Any]], text: str, remark: str | None
) -> None:
    """An object, lines, an array, events whose content type says nothing, or a text; cut off or not."""
    found = document(body)

    assert (found.messages, found.text, found.remark) == (messages, text, remark)


def test_of_very_many_lines_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is said."""
    monkeypatch.setattr(module, "MOST", 2)

    assert document(b'{"a": 1}\n{"b": 2}') == Document([{"a": 1}, {"b": 2}])
    assert document(b'{"a": 1}\n{"b": 2}\n{"c": 3}') == Document([{"a": 1}, {"b": 2}], "", module.LONG)


def test_only_objects_are_messages() -> None:
    """`[DONE]` is none."""
    assert loaded(b'{"a": 1}') == {"a": 1}
    assert loaded(b"[1]") is None
    assert loaded(b"[DONE]") is None
