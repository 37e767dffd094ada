"""What an answer becomes that is the last on its connection (sockets: hooks/test_identify_connection.py)."""

from mitmproxy.http import Response

from tollway.engine.last_answer import LastAnswer


def test_it_says_what_it_said_and_that_the_connection_ends() -> None:
    last = LastAnswer.of(Response.make(401, b"{}", {"x-tollway-call": "1"}))

    assert (last.status_code, last.content) == (401, b"{}")
    assert dict(last.headers) == {"x-tollway-call": "1", "content-length": "2", "connection": "close"}
