"""A socket's message has the body of a request inside."""

from tollway.sockets.envelope import body


def test_what_is_around_the_body_is_left_out() -> None:
    message = {"type": "response.create", "stream_id": "a", "generate": True, "event_id": "e", "input": "Hi."}

    assert body(message, "m") == {"model": "m", "input": "Hi."}


def test_the_messages_own_model_counts() -> None:
    assert body({"model": "own"}, "m") == {"model": "own"}
