"""How long a client has been at what it says: by a clock that the test has."""

from tollway.engine.attending import Attending
from tollway.engine.client_bounds import ClientBounds

BOUNDS = ClientBounds(head_time=30, idle=900)
TOO_SLOW, IDLE = "no whole request in 30 s (head-time)", "nothing was asked for 900 s (idle)"


def test_a_head_is_due_from_the_connections_beginning_on() -> None:
    client = Attending(100)

    assert client.overdue(BOUNDS, 130) is None
    assert client.overdue(BOUNDS, 130.1) == TOO_SLOW


def test_a_byte_a_second_is_as_slow_as_none() -> None:
    client = Attending(100)
    client.received(80, 100)
    client.whole("requestheaders")
    for second in range(110, 141):
        client.received(1, second)

    assert client.overdue(BOUNDS, 140) is None
    assert client.overdue(BOUNDS, 140.1) == TOO_SLOW
    assert client.count == 31


def test_what_is_whole_is_due_no_longer_and_then_the_connection_may_rest() -> None:
    client = Attending(100)
    client.received(80, 129)
    client.whole("requestheaders")

    assert client.count == 0
    assert client.overdue(BOUNDS, 129 + 900) is None
    assert client.overdue(BOUNDS, 129 + 901) == IDLE


def test_a_call_may_take_as_long_as_it_does() -> None:
    client = Attending(100)
    client.received(80, 110)
    client.busy(5_000)

    assert client.overdue(BOUNDS, 5_900) is None
    assert client.overdue(BOUNDS, 5_901) == IDLE
    client.received(1, 5_800)
    assert client.overdue(BOUNDS, 5_831) == TOO_SLOW


def test_over_http2_frames_between_requests_neither_end_a_connection_nor_keep_it() -> None:
    """Pings, and room that a client gives for answers that it has read."""
    client = Attending(100)
    client.received(80, 110)
    assert client.overdue(BOUNDS, 130.1, framed=True) == TOO_SLOW
    client.whole("requestheaders")
    for second in range(120, 1000, 10):
        client.received(17, second)

    assert client.overdue(BOUNDS, 1000, framed=True) is None
    assert client.overdue(BOUNDS, 1010.1, framed=True) == IDLE
    assert client.overdue(BOUNDS, 1000) == TOO_SLOW


def test_a_handshake_is_no_request() -> None:
    client = Attending(100)
    client.whole("tls_established_client")
    client.received(24, 101)

    assert client.overdue(BOUNDS, 131.1, framed=True) == TOO_SLOW
