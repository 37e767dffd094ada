"""Who may use a forwarder's port."""

import base64
import re
from urllib.parse import urlsplit

from tests.tollway.identified import basic
from tollway.forwarding.login import USER, Login


def password(login: Login) -> str:
    """As the program has it in its environment."""
    return urlsplit(login.url("127.0.0.1", 1)).password or ""


def test_who_has_the_url_may() -> None:
    login = Login()
    url = urlsplit(login.url("127.0.0.1", 8080))

    assert (url.scheme, url.username, url.hostname, url.port) == ("http", USER, "127.0.0.1", 8080)
    assert login.admits(basic(USER, password(login)))
    assert login.admits(basic(USER, password(login)).replace("Basic ", "bASIC   "))


def test_nobody_else_may() -> None:
    login, other = Login(), Login()
    text = password(login)
    in_base64 = base64.b64encode(f"{USER}:{text}".encode()).decode()

    for shown in (
        None, "", "Basic", "Basic ", "Basic !", "Basic é", f"Bearer {text}", f"Bearer {in_base64}", in_base64,
        basic(USER, ""), basic(USER, text[:-1]), basic(USER, text + "x"), basic("other", text),
        basic(text, ""), basic(USER, password(other)), basic(USER, text) + " x",
    ):  # fmt: skip
        assert not login.admits(shown), shown


def test_each_has_a_password_of_its_own_that_nobody_guesses_or_reads() -> None:
    logins = [Login() for _ in range(3)]

    assert len({password(login) for login in logins}) == 3
    assert all(len(password(login)) >= 32 for login in logins)
    assert all(password(login) not in repr(login) for login in logins)


def test_a_url_takes_it_as_it_is() -> None:
    """Clients differ in how they decode what stands in one."""
    assert re.fullmatch(r"[\w-]+", password(Login()), re.ASCII)
