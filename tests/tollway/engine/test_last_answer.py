"""What an answer becomes that is the last on its connection (sockets: hooks/test_identify_connection.py)."""

from mitmproxy.http import Response

from tollway.engine.last_answer import LastAnswer


def test_it_says_what_it_said_and_that_the_connection_ends() -> None:
    last = LastAnswer.of(Response.make(401, b"{}", {"x-tollway-call": "1"}))

    assert (last.status_code, last.content) == (401, b"{}")
    assert dict(last.headers) == {"x-tollway-call": "1", "content-length": "2", "connection": "close"}


def test_an_answer_that_is_sent_already_is_the_same_one_made_the_last() -> None:
    """Who streams it keeps it."""
    response = Response.make(200, b"{}")
    response.stream = True

    LastAnswer.mark(response)

    assert isinstance(response, LastAnswer)
    assert (response.stream, response.headers["connection"], response.content) == (True, "close", b"{}")
