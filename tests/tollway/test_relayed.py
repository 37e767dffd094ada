"""What becomes of a message, where nobody says otherwise."""

from tollway.relayed import AS_IT_IS


def test_it_passes_as_it_is() -> None:
    assert (AS_IT_IS.content, AS_IT_IS.is_dropped, AS_IT_IS.answer, AS_IT_IS.close) == (
        None,
        False,
        None,
        None,
    )
