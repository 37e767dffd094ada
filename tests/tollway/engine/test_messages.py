"""mitmproxy's messages lose their debug check and nothing else, in the process that asks for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hyperframe.frame import DataFrame, Frame
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.connection import Server
from mitmproxy.http import Headers
from mitmproxy.options import Options

from tollway.engine.messages import fix, with_quick_comparison, with_quick_headers, without_frame_texts

ADDONS = Path(__file__).parents[3] / "addons"
CODE = """
from mitmproxy import http
from mitmproxy.test.tutils import treq
from tollway.engine.messages import without_type_checks

def made_of(kind):
    try:
        http.Request.make("POST", "https://a.example/x?y=1", b"body")
        treq(http_version=kind)
        return True
    except TypeError:
        return False

before = made_of(7)
without_type_checks()
without_type_checks()
after = made_of(7)
request = http.Request.make("POST", "https://a.example/x?y=1", b"body", {"a": "b"})
copy = http.Request.from_state(request.get_state())
print(before, after, copy.url, copy.content, copy.headers["a"], copy == request or copy.data == request.data)
"""


def answer(*options: str) -> list[str]:
    """What a fresh Python with these options prints."""
    done = subprocess.run(
        [sys.executable, *options, "-W", "ignore", "-c", CODE],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ADDONS)},
        check=True,
    )
    return done.stdout.split()


def test_the_check_is_gone_and_messages_are_the_same() -> None:
    """Before, a version that is no bytes is a TypeError; afterwards nobody looks."""
    assert answer() == ["False", "True", "https://a.example/x?y=1", "b'body'", "b", "True"]


def test_it_does_nothing_where_python_runs_without_assertions() -> None:
    """There is no check to take away then."""
    assert answer("-O") == ["True", "True", "https://a.example/x?y=1", "b'body'", "b", "True"]


def test_a_frames_text_is_its_type_and_no_byte_of_it() -> None:
    """Else each frame would be written out, for a log that nobody keeps."""
    before = Frame.__repr__
    try:
        without_frame_texts()

        assert repr(DataFrame(1, data=b"a prompt")) == "DataFrame"
    finally:
        Frame.__repr__ = before  # type: ignore[method-assign]


NAMES = st.sampled_from([b"A", b"a", b"Accept", b"x-\xff", b"Set-Cookie"])
FIELDS = st.lists(st.tuples(NAMES, st.binary(max_size=4)), max_size=5)
ASKED = st.one_of(NAMES, st.sampled_from(["A", "accept", "ACCEPT", "x-\udcff", "none"]))


@given(FIELDS, ASKED)
def test_headers_answer_as_before(fields: list[tuple[bytes, bytes]], name: str | bytes) -> None:
    """Case, folding, bytes that are no text, names that are not there."""
    headers = Headers(fields)

    def answers() -> list[object]:
        return [headers.get_all(name), headers.get(name), headers.get(name, 7), name in headers]

    expected = answers()
    with pytest.MonkeyPatch.context() as patch:
        for key in ("get_all", "get", "__contains__"):
            patch.setattr(Headers, key, getattr(Headers, key))  # taken back when the context ends
        with_quick_headers()
        quick = answers()

    assert quick == expected


def test_options_are_read_as_they_were_when_they_were_fixed() -> None:
    """Each of them."""
    options = Options()
    options.update(upstream_cert=False)
    before = {name: getattr(options, name) for name in options.keys()}

    fix(options)
    options.update(upstream_cert=True)

    assert {name: getattr(options, name) for name in options.keys()} == before
    assert options.upstream_cert is False


def test_connections_are_equal_if_they_are_the_same() -> None:
    """As before: by their ids, which are nobody else's."""
    server, other = Server(address=("a.example", 443)), Server(address=("a.example", 443))
    copy = Server.from_state(server.get_state())

    with_quick_comparison()

    assert server == server == copy
    assert server != other
    assert server != "a.example"
    assert len({server, copy, other}) == 2
