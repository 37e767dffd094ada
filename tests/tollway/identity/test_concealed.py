"""What a request shows as a credential, in every form in which a text may repeat it."""

import base64
import os

from tollway.identity.concealed import concealed


def made_up() -> str:
    return f"made-up-{os.urandom(8).hex()}"


def test_a_key_is_known_with_its_scheme_and_without() -> None:
    key = made_up()

    found = concealed([(b"Authorization", f"Bearer {key}".encode())], "")

    assert found == {key, f"Bearer {key}"}


def test_headers_that_are_called_so_or_that_the_policy_names_have_some() -> None:
    one, two, three = made_up(), made_up(), made_up()
    fields = [
        (b"X-Api-Key", one.encode()),
        (b"x-their-token", two.encode()),
        (b"x-who", three.encode()),
        (b"user-agent", b"curl/8.0 of nobody"),
        (b"content-type", b"application/json"),
    ]

    assert concealed(fields, "") == {one, two}
    assert concealed(fields, "", {"x-who"}) == {one, two, three}


def test_all_values_of_one_header_count() -> None:
    one, two = made_up(), made_up()

    assert {one, two} <= concealed([(b"x-api-key", one.encode()), (b"X-API-Key", two.encode())], "")
    assert {one, two} <= concealed([(b"x-api-key", f"{one}, {two}".encode())], "")


def test_a_log_in_is_its_password_or_its_only_word() -> None:
    def login(text: str) -> frozenset[str]:
        coded = base64.b64encode(text.encode()).decode()
        return concealed([(b"proxy-authorization", f"Basic {coded}".encode())], "") - {
            coded,
            f"Basic {coded}",
        }

    password = made_up()

    assert login(f"ann@example.com:{password}") == {password}
    assert login(password) == {password}
    assert concealed([(b"authorization", b"Basic no-base64!")], "") == {"Basic no-base64!", "no-base64!"}


def test_cookies_and_the_query_have_some() -> None:
    one, two = made_up(), made_up()

    assert one in concealed([(b"cookie", f"a=1; session={one}".encode())], "")
    assert concealed([], f"/v1/x?alt=sse&key={two}") == {two}


def test_what_is_short_may_stand_anywhere_by_chance() -> None:
    assert concealed([(b"x-api-key", b"none")], "/v1/x?key=short") == frozenset()
