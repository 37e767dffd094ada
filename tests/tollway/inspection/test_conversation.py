"""`tollway.inspection.conversation`: the values."""

from tollway.inspection.conversation import LONGEST, Conversation, Text, Turn, clipped


def test_an_answer_follows_its_request() -> None:
    """With the tools and remarks of both."""
    asked = Conversation((Turn("user", (Text("Where?"),)),), ("toll",), ("cut",))
    said = Conversation((Turn("assistant", (Text("Here."),)),), (), ("error: late",))

    both = asked.followed_by(said)

    assert both == Conversation((*asked.turns, *said.turns), ("toll",), ("cut", "error: late"))


def test_a_long_text_is_cut() -> None:
    """And says how much is missing; one that just fits is whole."""
    fits = "x" * LONGEST

    assert clipped(fits) is fits
    assert clipped(fits + "yz") == f"{fits}\n[... 2 more characters]"
