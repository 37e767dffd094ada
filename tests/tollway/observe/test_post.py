"""Against a server of its own, over real sockets."""

import itertools
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.simulator.certificates import Authority
from tests.tollway.hook import Hook
from tollway import hurried
from tollway.alerts.signature import is_signed
from tollway.observe.post import LONGEST_WAIT_SECONDS, AddressError, Answer, address, post, signing


def test_a_document_arrives(hook: Hook) -> None:
    assert post(hook.url, {"text": "one"}).arrived
    assert hook.got == [("/hook/s3cret", {"text": "one"})]


def test_no_proxy_is_asked(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables name our own proxy, where Tollway runs a program."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")

    assert post(hook.url, {}).arrived


@pytest.mark.parametrize(
    ("status", "helps"), [(301, False), (400, False), (404, False), (429, True), (500, True), (503, True)]
)
def test_another_attempt_helps_where_the_webhook_is_busy_or_broken(
    hook: Hook, status: int, helps: bool
) -> None:
    hook.status = status

    answer = post(hook.url, {})

    assert (answer.arrived, answer.status, answer.may_help_again) == (False, status, helps)


def test_it_follows_nowhere(hook: Hook) -> None:
    hook.status, hook.headers = 307, {"location": f"{hook.url}/elsewhere"}

    assert post(hook.url, {}) == Answer(status=307)
    assert [path for path, _ in hook.got] == ["/hook/s3cret"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("86400", LONGEST_WAIT_SECONDS),
        ("Wed, 25 Nov 2026 10:00:00 GMT", None),
        ("-1", None),
        ("²", None),
    ],
)
def test_the_webhook_may_ask_for_a_while(hook: Hook, said: str, seconds: float | None) -> None:
    hook.status, hook.headers = 429, {"retry-after": said}

    assert post(hook.url, {}).wait_seconds == seconds


def test_nobody_is_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and not listened on
        answer = post(f"http://127.0.0.1:{closed.getsockname()[1]}/", {})

    assert (answer.status, answer.may_help_again) == (None, True)


def test_what_answers_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        said = post(f"http://127.0.0.1:{server.getsockname()[1]}/", {})
        thread.join()

    assert said == Answer(status=None)


def test_one_who_drips_is_not_waited_for() -> None:
    """The clock is the test's: each byte takes a second."""
    ticks = itertools.count()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                while True:
                    connection.sendall(b"H")

        thread = threading.Thread(target=answer)
        thread.start()
        said = post(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, lambda: float(next(ticks)))
        thread.join()

    assert said == Answer(status=None)


def test_a_certificate_is_asked_for_over_https(hook: Hook) -> None:
    assert post(hook.url.replace("http:", "https:"), {}) == Answer(status=None)


def test_an_address_stands_in_the_policy_or_in_a_variable() -> None:
    """The variable may have come with the end of a line."""
    assert address("https://h/x", {}) == "https://h/x"
    assert address("env:URL", {"URL": "http://h/x\n"}) == "http://h/x"


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({}, "the environment variable URL has no URL: set it, or remove the webhook"),
        ({"URL": " "}, "the environment variable URL has no URL: set it, or remove the webhook"),
        (
            {"URL": "file:///s3cret"},
            "what the environment variable URL has is no URL: a URL begins with http",
        ),
        (
            {"URL": "https://h/s3cret x"},
            "what the environment variable URL has is no URL: a URL has no blank",
        ),
    ],
)
def test_what_is_no_address_is_told_without_it(variables: dict[str, str], wrong: str) -> None:
    """The exit status is a wrong policy's."""
    with pytest.raises(AddressError, match=f"^alerts.webhook: {wrong}") as raised:
        address("env:URL", variables)

    assert "s3cret" not in str(raised.value)
    assert raised.value.status == 2


SECRET = "made-up secret of a webhook"


def test_a_post_is_signed_as_of_when_it_is_sent(hook: Hook) -> None:
    """Over the bytes that arrive."""
    sign = signing("env:SECRET", {"SECRET": f"{SECRET}\n"}, lambda: 1_795_521_600.9)

    assert post(hook.url, {"text": "größer"}, sign=sign).arrived
    ((header, body),) = hook.signed
    assert header.startswith("t=1795521600,v1=")
    assert is_signed(header, SECRET.encode(), body, 1_795_521_600)


def test_a_post_without_a_secret_is_not_signed(hook: Hook) -> None:
    post(hook.url, {})

    assert hook.signed == [("", b"{}")]


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [({}, "is not there"), ({"SECRET": " \n"}, "is not there"), ({"SECRET": "s3cret"}, "is too short")],
)
def test_what_is_no_secret_is_told_without_it(variables: dict[str, str], wrong: str) -> None:
    with pytest.raises(AddressError, match=f"^alerts.secret: what .* SECRET is to hold {wrong}") as raised:
        signing("env:SECRET", variables)

    assert "s3cret" not in str(raised.value)
    assert raised.value.status == 2


def test_a_webhook_over_tls_is_one_that_the_system_trusts(
    hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate is of an authority among the system's roots, and names its host."""
    authority = Authority(tmp_path)
    authority.write_leaf(tmp_path / "leaf.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "leaf.pem")
    hook.socket = context.wrap_socket(hook.socket, server_side=True)
    url = hook.url.replace("http:", "https:")

    assert post(url, {"text": "one"}) == Answer(status=None)
    monkeypatch.setattr(hurried, "system_roots", lambda: authority.root_ca)
    assert post(url, {"text": "two"}).arrived
    assert [said["text"] for _, said in hook.got] == ["two"]
