"""HTTP/1.1 as odd clients speak it, and everything that an answer can be told to do wrong."""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.simulator.client import RawClient

BODY = b'{"model":"m"}'


def post(body: bytes = BODY, *, path: str = "/v1/chat/completions", extra: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: api.openai.com\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


STREAM = post(b'{"model":"m","stream":true}')


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[RawClient]:
    async with await RawClient.open(
        sim.address, sim.port, tls="api.openai.com", root_ca=sim.root_ca
    ) as client:
        yield client


async def test_headers_are_remembered_as_received(sim: Simulator, client: RawClient) -> None:
    await client.send(post(extra="X-MiXed: One\r\nx-mixed:  two \r\n"))
    await client.response()

    seen = sim.seen[0]
    assert seen.headers[1:3] == (("X-MiXed", "One"), ("x-mixed", "two"))
    assert (seen.connection.sni, seen.host, seen.protocol) == ("api.openai.com", "api.openai.com", "HTTP/1.1")
    assert (seen.method, seen.path, seen.raw, seen.complete) == ("POST", "/v1/chat/completions", BODY, True)


async def test_a_request_may_come_byte_by_byte(sim: Simulator, client: RawClient) -> None:
    await client.send(*(bytes([byte]) for byte in post()))

    assert (await client.response()).status == 200


async def test_pipelined_requests_are_answered_in_order(sim: Simulator, client: RawClient) -> None:
    await client.send(post() + STREAM + post(b'{"model":"third"}'))

    answers = [await client.response() for _ in range(3)]

    assert [b'"third"' in answer.body for answer in answers] == [False, False, True]
    assert [answer.header("transfer-encoding") for answer in answers] == [None, "chunked", None]
    assert len(sim.connections) == 1


async def test_chunked_requests_and_their_trailers(sim: Simulator, client: RawClient) -> None:
    head = b"POST /v1/messages HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    await client.send(head + b"5;x=y\r\n" + BODY[:5], b"\r\n8\r\n" + BODY[5:] + b"\r\n0\r\nT: 1\r\n\r\n")

    assert (await client.response()).status == 200
    assert (sim.seen[0].json, sim.seen[0].trailers) == ({"model": "m"}, (("T", "1"),))


@pytest.mark.parametrize(("expect", "informational", "status"), [(100, (100,), 200), (417, (), 417)])
async def test_expectations(
    sim: Simulator, client: RawClient, expect: int, informational: tuple[int, ...], status: int
) -> None:
    sim.scenario = Scenario(expect=expect)
    request = post(extra="Expect: 100-continue\r\n")

    await client.send(request[: -len(BODY)])
    if informational:
        await client.receive_until(lambda data: data.endswith(b"\r\n\r\n"))
        await client.send(BODY)
    answer = await client.response()

    assert (answer.informational, answer.status) == (informational, status)


async def test_absolute_form_is_understood(sim: Simulator) -> None:
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(
            b"GET http://api.openai.com:80/v1/models?x=1 HTTP/1.1\r\nHost: api.openai.com\r\n\r\n"
        )
        answer = await client.response("GET")

    seen = sim.seen[0]
    assert answer.status == 200
    assert (seen.host, seen.path, seen.query) == ("api.openai.com", "/v1/models", "x=1")
    assert seen.target == "http://api.openai.com:80/v1/models?x=1"


async def test_http10_requests_get_no_chunks(sim: Simulator, client: RawClient) -> None:
    await client.send(STREAM.replace(b"HTTP/1.1", b"HTTP/1.0"))

    answer = await client.response()

    assert (answer.header("transfer-encoding"), answer.header("connection")) == (None, "close")
    assert answer.whole
    assert answer.body.endswith(b"data: [DONE]\n\n")


async def test_a_half_closed_plain_connection_gets_its_answer(sim: Simulator) -> None:
    sim.scenario = Scenario(ttfb=0.02)
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(post())
        client.half_close()
        answer = await client.response()

    assert answer.status == 200
    assert answer.whole


@pytest.mark.parametrize(
    ("request_bytes", "fault"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "0 Host headers"),
        (post(extra="Transfer-Encoding: chunked\r\n")[: -len(BODY)] + b"0\r\n\r\n", "both content-length"),
        (post(extra="Content-Length: 13\r\n"), "several content-lengths"),
    ],
)
async def test_faults_of_requests_are_noted(
    sim: Simulator, client: RawClient, request_bytes: bytes, fault: str
) -> None:
    await client.send(request_bytes)
    await client.response()

    assert fault in sim.seen[0].fault


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    ],
)
async def test_what_is_no_http_is_refused(sim: Simulator, client: RawClient, request_bytes: bytes) -> None:
    await client.send(request_bytes)

    answer = await client.response()

    assert answer.status == 400
    assert sim.connections[0].fault


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"model":', b"[" * 10_000])
async def test_bodies_that_are_no_object_get_the_providers_400(
    sim: Simulator, client: RawClient, body: bytes
) -> None:
    await client.send(post(body))

    answer = await client.response()

    assert answer.status == 400
    assert b'"invalid_request_error"' in answer.body


async def test_events_keep_their_time(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(ttfb=0.03, first_event=0.03, interval=0.01, events=5)

    await client.send(STREAM)
    await client.response()

    seen = sim.seen[0]
    assert seen.received is not None
    assert seen.answered is not None
    assert seen.answered - seen.received >= 0.03
    times = [chunk.at for chunk in client.chunks]
    assert len(times) >= 8  # head, role, five words, finish, [DONE]; the end may come with the last
    assert times[1] - times[0] >= 0.02
    assert times[-1] - times[1] >= 0.06


@pytest.mark.parametrize(
    ("how", "ended"),
    [("close", "close_notify"), ("abrupt", "eof"), ("reset", "reset"), ("rst_stream", "reset")],
)
@pytest.mark.parametrize("cut", [Cut(), Cut(after_events=0), Cut(after_events=3), Cut(after_bytes=100)])
async def test_cuts(sim: Simulator, client: RawClient, how: str, ended: str, cut: Cut) -> None:
    sim.scenario = Scenario(cut=Cut(how=how, after_events=cut.after_events, after_bytes=cut.after_bytes))  # type: ignore[arg-type]

    await client.send(STREAM)
    answer = await client.response()

    seen = sim.seen[0]
    # An RST may overtake what was sent before it.
    assert answer.ended == ended or (ended == "reset" and answer.ended == "eof")
    assert not answer.whole
    assert (seen.complete, seen.client_left) == (False, False)
    assert seen.events_written == (cut.after_events or 0 if cut.after_bytes is None else 1)
    if how == "close":
        assert (answer.status == 0) == cut.before_head
        assert len(answer.body) == seen.bytes_written
        assert cut.after_bytes is None or seen.bytes_written == 100


async def test_truncated_json_in_valid_framing(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(cut=Cut(how="end", after_bytes=50), framing="chunked")

    await client.send(post())
    answer = await client.response()

    assert answer.whole
    assert len(answer.body) == 50


async def test_a_hang_lasts_until_the_client_leaves(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(cut=Cut(how="hang", after_events=2))
    await client.send(STREAM)
    await sim.wait_for(lambda seen: seen.events_written == 2)

    client.close()
    seen = await sim.wait_for(lambda seen: seen.client_left)

    assert (seen.events_written, seen.complete, seen.status) == (2, False, 200)
    assert seen.ended is not None


@pytest.mark.parametrize(("leave", "how"), [(RawClient.reset, "lost"), (RawClient.close, "eof")])
async def test_a_client_that_leaves_a_stream_is_noticed(
    sim: Simulator, client: RawClient, leave: Callable[[RawClient], None], how: str
) -> None:
    sim.scenario = Scenario(events=1000, interval=0.005)
    await client.send(STREAM)
    await sim.wait_for(lambda seen: seen.events_written >= 3)

    leave(client)
    seen = await sim.wait_for(lambda seen: seen.client_left)

    assert 3 <= seen.events_written < 1000
    assert seen.left_how in (how, "lost")


async def test_a_client_that_leaves_in_its_body_is_noticed(sim: Simulator, client: RawClient) -> None:
    await client.send(post()[:-3])
    await sim.wait_for(lambda seen: seen.method == "POST")

    client.close()
    seen = await sim.wait_for(lambda seen: seen.client_left)

    assert (seen.received, seen.status) == (None, None)


async def test_informational_answers_and_trailers(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(informational=(100, 103), trailers=(("X-Sum", "1"), ("x-more", "2")))

    for request in (post(), STREAM):
        await client.send(request)
        answer = await client.response()

        assert answer.informational == (100, 103)
        assert answer.trailers == (("X-Sum", "1"), ("x-more", "2"))
        assert answer.header("trailer") == "X-Sum, x-more"


async def test_wrong_lengths(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(length_error=-10)
    await client.send(post())
    short = await client.response()
    assert short.whole
    await client.send(post())
    next_one = await client.response()
    assert next_one.version.endswith("}HTTP/1.1")  # the ten bytes too many come first

    sim.scenario = Scenario(length_error=10)
    async with await RawClient.open(sim.address, sim.port, tls="h", root_ca=sim.root_ca) as other:
        await other.send(post())
        long = await other.response()
    assert not long.whole
    assert long.header("content-length") == str(len(long.body) + 10)


async def test_wrong_types_and_codings(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(
        content_type="text/html", content_encoding="gzip", headers=(("a", "1"), ("a", "2"))
    )
    await client.send(post())
    answer = await client.response()

    assert (answer.header("content-type"), answer.header("content-encoding")) == ("text/html", "gzip")
    assert answer.body.startswith(b"{")
    assert answer.headers.count(("a", "1")) == answer.headers.count(("a", "2")) == 1

    sim.scenario = Scenario(content_type="")
    await client.send(post())
    assert (await client.response()).header("content-type") is None


async def test_http10_answers_end_with_the_connection(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(http10=True)

    await client.send(STREAM)
    answer = await client.response()

    assert answer.version == "HTTP/1.0"
    assert {name.lower() for name, _ in answer.headers}.isdisjoint({"content-length", "transfer-encoding"})
    assert answer.whole
    assert answer.body.endswith(b"[DONE]\n\n")


async def test_raw_bytes_and_own_bodies(sim: Simulator, client: RawClient) -> None:
    sim.on("*", "*", Scenario(body=b"own", status=201), times=1)
    sim.scenario = Scenario(raw=b"HTTP/1.1 200 OK\r\ngarbage\r\n")

    await client.send(post())
    answer = await client.response()
    await client.send(post())
    await client.receive_until(lambda data: False)

    assert (answer.status, answer.body) == (201, b"own")
    assert client.received.endswith(b"HTTP/1.1 200 OK\r\ngarbage\r\n")


async def test_early_answers_do_not_wait_for_the_body(sim: Simulator, client: RawClient) -> None:
    sim.on("*", "*", Scenario(early=True, status=401), times=1)
    request = post()

    await client.send(request[:-5])
    early = await client.response()
    await client.send(request[-5:] + post())
    late = await client.response()

    assert (early.status, late.status) == (401, 200)


async def test_slices_cut_events_anywhere(sim: Simulator, client: RawClient) -> None:
    sim.scenario = Scenario(number=1)
    await client.send(STREAM)
    whole = await client.response()
    sim.scenario = Scenario(number=1, slices=7)
    await client.send(STREAM)
    sliced = await client.response()

    assert sliced.body == whole.body
    assert sim.seen[1].events_written == -(-len(whole.body) // 7)


async def test_websocket_upgrades_are_refused(sim: Simulator, client: RawClient) -> None:
    for status in (426, 404):
        sim.scenario = Scenario(websocket=status)
        await client.send(
            b"GET /v1/responses HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        assert (await client.response("GET")).status == status


async def test_x_sim_overrides_one_request(sim: Simulator, client: RawClient) -> None:
    await client.send(post(extra='x-sim: {"status": 503, "message": "Busy."}\r\n') + post())
    first, second = await client.response(), await client.response()
    await client.send(post(extra='x-sim: {"stauts": 503}\r\n'))
    wrong = await client.response()

    assert (first.status, second.status, wrong.status) == (503, 200, 400)
    assert b"no field 'stauts'" in wrong.body


async def test_head_and_no_content_have_no_body(sim: Simulator, client: RawClient) -> None:
    sim.on("*", "/v1/files", Scenario(status=204))
    await client.send(b"HEAD /v1/models HTTP/1.1\r\nHost: h\r\n\r\nGET /v1/files HTTP/1.1\r\nHost: h\r\n\r\n")

    answers = [await client.response("HEAD"), await client.response("GET")]

    assert [(answer.status, answer.body) for answer in answers] == [(200, b""), (204, b"")]


async def test_rules_are_tried_in_order_and_used_up(sim: Simulator, client: RawClient) -> None:
    sim.on("*.openai.com", "/v1/chat/*", Scenario(status=429), times=2)
    sim.on("api.openai.com", "*", Scenario(status=500))
    statuses = []

    for _ in range(3):
        await client.send(post())
        statuses.append((await client.response()).status)

    assert statuses == [429, 429, 500]


async def test_a_client_that_does_not_read_holds_the_answer_back(sim: Simulator, client: RawClient) -> None:
    """Nothing is collected for it: the writing stops, and goes on when it reads."""
    sim.scenario = Scenario(fill=100_000_000)
    await client.send(post())
    await client.receive()
    held = sim.seen[0].bytes_written

    answer = await client.response()

    assert held < 20_000_000
    assert len(answer.body) == 100_000_000
