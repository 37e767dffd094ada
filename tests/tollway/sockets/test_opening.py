"""What is spoken on a socket, and with which model, is known as it opens."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.sockets.frames import create, fed
from tollway.model import Endpoint, Kind
from tollway.providers.schema import SocketName
from tollway.sockets import SESSIONS
from tollway.sockets.events import Begun
from tollway.sockets.opening import names, renamed, session


def realtime(model: str | None = None) -> Endpoint:
    return Endpoint(
        kind=Kind.UNKNOWN,
        provider="azure",
        host="h",
        operation="realtime",
        socket="openai_realtime",
        model=model,
    )


def test_every_form_can_be_named() -> None:
    """And no other."""
    assert set(get_args(SocketName)) == set(SESSIONS)


def test_what_nobody_reads_has_no_reader() -> None:
    assert session(Endpoint(kind=Kind.UNKNOWN, provider="deepgram", host="h"), "") is None


@pytest.mark.parametrize(
    ("query", "model"),
    [
        ("model=gpt-realtime", "gpt-realtime"),
        ("api-version=1&deployment=my%20own", "my own"),
        ("model=a&model=b&deployment=c", "a"),
        ("call_id=rtc_1", None),
        ("", None),
        ("&".join(["x=1"] * 200), None),
        ("model=%ff", "\ufffd"),
    ],
    ids=["model", "deployment", "twice", "none", "empty", "too many", "no UTF-8"],
)
def test_the_query_names_the_model(query: str, model: str | None) -> None:
    reader = session(realtime(), query)

    assert reader is not None
    (begun,) = fed(reader, [create()])
    assert isinstance(begun, Begun)
    assert begun.asked.model == model


def test_a_path_goes_before_the_query() -> None:
    reader = session(realtime("of-the-path"), "model=other")

    assert reader is not None
    (begun,) = fed(reader, [create()])
    assert isinstance(begun, Begun)
    assert begun.asked.model == "of-the-path"


@given(st.text())
def test_no_query_raises(query: str) -> None:
    assert session(realtime(), query) is not None


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("model=a", "model=b%2Fc"),
        ("x=1&deployment=a&y=%20", "x=1&deployment=b%2Fc&y=%20"),
        ("mod%65l=a", "model=b%2Fc"),
        ("model=a&model=a", None),
        ("model=a&Deployment=a", None),
        ("MODEL=a", None),
        ("", None),
    ],
)
def test_a_query_names_another_model_where_it_names_one(query: str, other: str | None) -> None:
    assert renamed(query, "b/c") == other


def test_parameters_have_names() -> None:
    assert names("a=1&&b&%63=2") == ["a", "b", "c"]
