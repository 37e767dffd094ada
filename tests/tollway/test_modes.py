"""Modes are mitmproxy's, at every address that is asked for, without their logins."""

import base64

import pytest

from tollway.errors import TollwayError
from tollway.modes import modes

SECRET = "s3cret"
SHOWN = "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("spec", "known", "login"),
    [
        ("regular", "regular", None),
        ("regular@9000", "regular@9000", None),
        ("socks5@127.0.0.1:1080", "socks5@127.0.0.1:1080", None),
        ("upstream:http://corp:3128", "upstream:http://corp:3128", None),
        ("upstream:corp:3128", "upstream:corp:3128", None),
        ("upstream:http://corp:3128@9000", "upstream:http://corp:3128@9000", None),
        ("upstream:corp:3128@127.0.0.1:9000", "upstream:corp:3128@127.0.0.1:9000", None),
        (f"upstream:http://me:{SECRET}@corp:3128", "upstream:http://corp:3128", ("corp", 3128)),
        (f"upstream:https://me:{SECRET}@corp", "upstream:https://corp:443", ("corp", 443)),
        (f"upstream:http://me:{SECRET}@corp:3128@9000", "upstream:http://corp:3128@9000", ("corp", 3128)),
        (f"upstream:http://me:{SECRET}@[::1]:3128", "upstream:http://[::1]:3128", ("::1", 3128)),
        ("reverse:https://api.openai.com", "reverse:https://api.openai.com", None),
        ("reverse:http://llm:8000@9000", "reverse:http://llm:8000@9000", None),
    ],
)  # fmt: skip
def test_a_login_is_no_part_of_a_mode(spec: str, known: str, login: tuple[str, int] | None) -> None:
    found = modes([spec])

    assert found.specs == (known,)
    assert found.logins == ({} if login is None else {login: SHOWN})


def test_each_mode_is_at_each_address_unless_it_names_one() -> None:
    listens = [("127.0.0.1", 8080), ("::1", 8081)]

    assert modes(["regular"], listens[:1]).specs == ("regular",)
    assert modes(["regular", "reverse:https://api.openai.com@9000"], listens).specs == (
        "regular@127.0.0.1:8080", "regular@::1:8081", "reverse:https://api.openai.com@9000",
    )  # fmt: skip


@pytest.mark.parametrize(
    "spec",
    ["wireguard", "local:curl", "reverse:tls://api.openai.com", "reverse:tcp://api.openai.com:443",
     "reverse:quic://api.openai.com", "REVERSE:TCP://api.openai.com:443", "tun", "dns@53"],
)  # fmt: skip
def test_a_mode_in_which_calls_would_pass_unseen_is_refused(spec: str) -> None:
    with pytest.raises(TollwayError, match="unseen"):
        modes([spec])


@pytest.mark.parametrize("spec", [f"upstream:socks5://me:{SECRET}@corp:1", f"upstream:http://me:{SECRET}@"])
def test_no_error_quotes_a_login(spec: str) -> None:
    with pytest.raises(TollwayError) as raised:
        modes([spec])

    assert SECRET not in str(raised.value)
