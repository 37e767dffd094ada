"""An entry is read as each recorder writes it, or named with the key that is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.recorded.samples import ANSWER, ASKED, TIME_US, URL, entry, header
from tests.tollway.recorded.socket_samples import sent
from tollway.recorded.exchange import Damaged, Recorded
from tollway.recorded.har import loaded, moment, read


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def recorded(**changes: Any) -> Recorded:
    """The exchange of a sound entry."""
    found = read(written(entry(**changes)))
    assert isinstance(found, Recorded), found
    return found


def reason(value: Any) -> str:
    """What is wrong with an entry."""
    found = read(value if isinstance(value, bytes) else written(value))
    assert isinstance(found, Damaged)
    return found.reason


def test_an_entry_is_an_exchange() -> None:
    found = recorded()

    assert (found.method, found.url, found.status, found.started_us) == ("POST", URL, 200, TIME_US)
    assert json.loads(found.request_body or b"") == ASKED
    assert json.loads(found.response_body or b"") == ANSWER
    assert found.request_headers == found.response_headers == {"content-type": "application/json"}
    assert (found.left, found.cut, found.websocket, found.cached) == (True, False, False, False)
    assert found.request_bytes == len(found.request_body or b"")
    assert found.response_bytes == len(found.response_body or b"")


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("2026-11-20T10:00:00.000Z", TIME_US),
        ("2026-11-20T11:00:00.000+01:00", TIME_US),
        ("2026-11-20T05:30:00-0430", TIME_US),
        ("2026-11-20T10:00:00.1234567+00:00", TIME_US + 123_456),
        ("2026-11-20 10:00:00", TIME_US),
        (" 2026-11-20T10:00:00Z\n", TIME_US),
    ],
)
def test_times_have_zones_of_all_kinds(text: str, us: int) -> None:
    """Fiddler writes seven digits of a second; who writes no zone means UTC."""
    assert moment(text) == us


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1763632800", "0001-01-01T00:00:00+10:00", "9999-12-31", "1969-01-01"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text)


def test_header_names_are_in_any_case_and_pseudo_headers_name_the_host() -> None:
    """Of several of one name the last; what is no header is left out."""
    given = [
        header(":authority", "api.openai.com:443"),
        header("HOST", "api.groq.com"),
        header("X-A", "1"),
        header("x-a", "2"),
        ["X-Pair", "3"],
        ["odd"],
        {"name": "no value"},
        7,
    ]
    found = recorded(request={"headers": given})

    assert found.names == ("api.openai.com", "api.groq.com")
    assert (found.request_headers["x-a"], found.request_headers["x-pair"]) == ("2", "3")


def test_the_content_type_is_the_bodys_own_where_no_header_says_it() -> None:
    found = recorded(request={"headers": None}, response={"headers": []})

    assert found.request_headers == found.response_headers == {"content-type": "application/json"}


def test_a_forms_boundary_is_that_of_its_body() -> None:
    post = {"mimeType": "multipart/form-data", "params": [{"name": "model", "value": "whisper-1"}]}
    given = [header("content-type", "multipart/form-data; boundary=gone")]
    found = recorded(request={"headers": given, "postData": post})

    assert found.request_headers["content-type"].endswith("boundary=tollway-recorded-form")
    post = {"mimeType": "multipart/form-data", "text": "--kept\r\n"}
    found = recorded(request={"headers": given, "postData": post})
    assert found.request_headers["content-type"].endswith("boundary=gone")


def test_a_body_that_the_browser_decoded_has_no_coding_any_more() -> None:
    coded = [header("Content-Encoding", "gzip")]
    found = recorded(request={"headers": coded}, response={"headers": coded, "bodySize": 40})

    assert "content-encoding" not in {**found.request_headers, **found.response_headers}
    assert json.loads(found.response_body or b"") == ANSWER
    assert found.response_bytes == 40


def test_a_body_that_was_not_recorded_is_none_and_its_size_is_what_is_known() -> None:
    found = recorded(request={"postData": None, "bodySize": 99}, content={"text": None, "size": 321})

    assert (found.request_body, found.request_bytes) == (None, 99)
    assert (found.response_body, found.response_bytes) == (None, 321)
    assert recorded(response={"content": None}).response_body is None
    assert recorded(response={"content": None}).response_bytes == 0


@pytest.mark.parametrize("status", [0, -1])
def test_without_a_status_no_answer_came(status: int) -> None:
    """A server's address says that there was a connection; without one the request was blocked."""
    blocked, reset = recorded(status=status), recorded(status=status, serverIPAddress="10.0.0.1")

    assert (blocked.status, blocked.left, blocked.cut) == (None, False, True)
    assert (reset.status, reset.left, reset.cut) == (None, True, True)


@pytest.mark.parametrize("response", [{"_error": "net::ERR_ABORTED"}, {"_failureText": "aborted"}])
def test_an_exchange_that_ended_in_an_error_is_cut(response: dict[str, Any]) -> None:
    assert recorded(response=response).cut


def test_what_a_cache_answered_did_not_leave() -> None:
    found = recorded(_fromCache="disk")

    assert (found.cached, found.left) == (True, False)


@pytest.mark.parametrize("more", [{"_resourceType": "websocket"}, {"_webSocketMessages": []}])
def test_a_websocket_is_known_as_one(more: dict[str, Any]) -> None:
    assert recorded(**more).websocket


def test_a_websockets_messages_are_kept() -> None:
    found = recorded(_webSocketMessages=[sent(a=1), {"type": "send"}])

    assert found.messages is not None
    assert (found.messages[0].content, len(found.messages), found.unread) == (b'{"a": 1}', 1, 1)
    assert (recorded().messages, recorded().unread) == (None, 0)


def test_chromes_events_stand_in_for_a_body_that_it_did_not_keep() -> None:
    messages = [{"eventName": "message", "eventId": "", "data": '{"a":1}', "time": 1.0}]
    kept = recorded(_eventSourceMessages=messages)
    rebuilt = recorded(content={"text": ""}, _eventSourceMessages=messages)

    assert json.loads(kept.response_body or b"") == ANSWER
    assert rebuilt.response_body == b'event: message\ndata: {"a":1}\n\n'
    assert recorded(content={"text": None}, _eventSourceMessages="x").response_body is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"", "is no JSON"),
        (b"{", "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"12", "is no object"),
        (b"null", "is no object"),
        ({}, "request is missing"),
        ({"request": "x"}, "request is text, not an object"),
        (entry(request={"method": None}), "request.method is missing"),
        (entry(request={"url": None}), "request.url is missing"),
        (entry(request={"url": ""}), "request.url is missing"),
        (entry(request={"headers": "x"}), "request.headers is text, not a list"),
        (entry(request={"postData": "x"}), "request.postData is text, not an object"),
        (entry(request={"postData": {"text": 1}}), "request.postData.text is a number, not text"),
        (entry(response={"status": None}), "response.status is missing"),
        (entry(response={"status": "200"}), "response.status is text, not a number"),
        (entry(response={"status": True}), "response.status is true or false, not a number"),
        (entry(response={"content": []}), "response.content is a list, not an object"),
        (entry(content={"text": 1}), "response.content.text is a number, not text"),
        (
            entry(content={"text": "{}", "encoding": "base64"}),
            "response.content.text is no base64, as content.encoding says that it is",
        ),
        (entry(startedDateTime="now"), "startedDateTime is no time: 2026-11-24T12:00:00.000Z is one"),
        (entry(startedDateTime=12), "startedDateTime is a number, not text"),
        ({k: v for k, v in entry().items() if k != "response"}, "response is missing"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(value: Any, said: str) -> None:
    assert reason(value) == said


def test_a_damaged_entry_tells_where_it_went() -> None:
    found = read(written(entry(response={"status": None})))

    assert isinstance(found, Damaged)
    assert found.url == URL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": "x\ny"}', {"a": "x\ny"}),
        (b'{"a": "\\udcff"}', {"a": "\udcff"}),
        (b'"\xff"', "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_json_that_is_none_by_the_letter_is_read(text: bytes, value: Any) -> None:
    assert loaded(text) == value


PIECES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just([{}])
    | st.just({})
)


@given(st.data())
def test_nothing_in_an_entry_makes_it_raise(data: st.DataObject) -> None:
    """Any value of the wrong type, anywhere."""
    value = entry(_fromCache="memory", _eventSourceMessages=[{"data": "x"}], serverIPAddress="1.2.3.4")
    way = data.draw(st.sampled_from([way for way in ways(value) if way]))
    inner: Any = value
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = data.draw(PIECES)

    read(written(value))


def ways(value: Any) -> list[tuple[Any, ...]]:
    """The ways to all that a value has."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(), *((key, *way) for key in keys for way in ways(value[key]))]
