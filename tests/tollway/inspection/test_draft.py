"""`tollway.inspection.draft`: an answer that comes piece by piece."""

import pytest

from tollway.inspection import draft as module
from tollway.inspection.conversation import Text, Thinking, ToolCall, Turn
from tollway.inspection.draft import Draft, Piece


def test_pieces_of_a_place_are_a_block() -> None:
    """Places keep the order in which they opened; kinds of one place are parted."""
    draft = Draft()

    draft.add([Piece(1, Thinking("H")), Piece(0, Text("Mile ")), Piece(1, Thinking("m"))])
    draft.add([Piece(0, Text("nine.")), Piece(0, ToolCall("toll", ""))])

    assert draft.turns() == (Turn("assistant", (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", ""))),)


def test_answers_of_one_call_are_turns_by_their_number() -> None:
    """Whichever came first; one that says nothing is left out."""
    draft = Draft()

    draft.add([Piece(0, Text("b"), turn=1), Piece(0, Text("a"), role="model"), Piece(0, Text(""), turn=2)])

    assert draft.turns() == (Turn("model", (Text("a"),)), Turn("assistant", (Text("b"),)))


def test_a_piece_without_a_place_goes_on() -> None:
    """If it is of the kind of the last; another kind, or another turn, is a new block."""
    draft = Draft()

    draft.add(
        Piece(None, block)
        for block in (Thinking("H"), Thinking("m"), Text("A"), ToolCall("f", ""), Text("B"))
    )
    draft.add([Piece(None, Text("C")), Piece(None, Text("D"), turn=1)])

    first, second = draft.turns()
    assert first.blocks == (Thinking("Hm"), Text("A"), ToolCall("f", ""), Text("BC"))
    assert second.blocks == (Text("D"),)


def test_a_whole_takes_the_room_of_its_pieces() -> None:
    """All that stood at its place goes, and its parts come."""
    draft = Draft()
    draft.add([Piece(0, Text("Mi")), Piece(0, Text("x"), 3), Piece(1, Text("end"))])

    draft.add([Piece(0, Text("Mile"), 0, whole=True), Piece(0, Text("nine."), 1, whole=True)])

    assert draft.turns() == (Turn("assistant", (Text("Mile"), Text("nine."), Text("end"))),)


def test_a_copy_goes_on_by_itself() -> None:
    """What is shown while an answer comes changes nothing of it."""
    draft = Draft()
    draft.add([Piece(None, Text("Mile"))])

    other = draft.copy()
    other.add([Piece(None, Text(" nine."))])

    assert draft.turns() == (Turn("assistant", (Text("Mile"),)),)
    assert other.turns() == (Turn("assistant", (Text("Mile nine."),)),)


def test_no_answer_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by its texts nor by blocks without a place; what came before is kept."""
    monkeypatch.setattr(module, "LARGEST", 10)
    monkeypatch.setattr(module, "MOST", 2)
    long, many = Draft(), Draft()

    long.add([Piece(0, Text("x" * 10)), Piece(0, Text("y"))])
    many.add([Piece(None, Text("a")), Piece(None, ToolCall("f", "")), Piece(None, Text("b"))])

    assert (long.full, many.full) == (True, True)
    assert long.turns() == (Turn("assistant", (Text("x" * 10),)),)
    assert many.turns() == (Turn("assistant", (Text("a"), ToolCall("f", ""))),)
