"""Answers, in both forms."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN
from tests.tollway.page.test_mine import ANN
from tests.tollway.page.test_setup import ROOT
from tollway.identity.whoami import MAY_NOT_CALL, Whoami
from tollway.page.answer import (
    Answer,
    Visit,
    no_page,
    not_read,
    not_yours,
    only_read,
    root_certificate,
    stranger,
)
from tollway.page.desk import Page

VISIT = Visit(page=Page.MINE, who=ANN, is_administrator=False, json=False, zone=BERLIN, now_us=NOON_US)
JSON = replace(VISIT, json=True)
STRANGER = Whoami(known=False, address="10.0.0.7", may_call=False, message=MAY_NOT_CALL)


def error(answer: Answer) -> dict[str, Any]:
    """What a program reads of a failure."""
    assert answer.kind == "application/json"
    found: dict[str, Any] = json.loads(answer.body)["error"]
    return found


def test_a_page_is_shown_in_the_form_that_was_asked_for() -> None:
    html, told = VISIT.shows("<x>", {"a": 1}), JSON.shows("<x>", {"a": 1})

    assert (html.status, html.kind) == (200, "text/html; charset=utf-8")
    assert b"<h1>Your page</h1>&lt;x&gt;" in html.body
    assert "As of 13:00:00, Europe/Berlin." in html.body.decode()
    assert (told.status, told.kind, told.body) == (200, "application/json", b'{"a":1}\n')


def test_json_has_nothing_that_the_terminal_of_whoever_asks_obeys() -> None:
    """Callers choose models."""
    told = JSON.shows(None, {"model": "a\x9b31m\u202eb"})

    assert told.body == b'{"model":"a\\u009b31m\\u202eb"}\n'


def test_who_asks_for_what_is_not_there_hears_what_is() -> None:
    there = "/, /calls, /budgets, /setup, /ca.pem, /whoami"
    found = no_page(replace(JSON, page=None))

    assert found.status == 404
    assert error(found)["message"].endswith(there)
    assert error(no_page(replace(JSON, is_administrator=True)))["message"].count("/all") == 1
    html = no_page(replace(VISIT, page=None)).body
    assert b"<h1>Not found</h1>" in html
    assert b'<li><a href="/setup">/setup</a>: Set up your system</li>' in html


@pytest.mark.parametrize(
    ("made", "status", "code"),
    [
        (only_read, 405, "method_not_allowed"),
        (not_yours, 403, "not_an_administrator"),
        (lambda visit: not_read(visit, "why"), 503, "not_read"),
        (
            lambda visit: stranger(replace(visit, who=STRANGER)),
            403,
            "unauthenticated",
        ),
    ],
)
def test_a_failure_says_why(made: Any, status: int, code: str) -> None:
    told, html = made(JSON), made(VISIT)

    assert (told.status, html.status) == (status, status)
    assert error(told)["code"] == code
    assert error(told)["type"] == "tollway_error"
    assert b"<main" in html.body


def test_headers_say_what_helps() -> None:
    assert only_read(VISIT).headers == {"allow": "GET, HEAD"}
    assert not_read(VISIT, "x").headers == {"retry_after": "5"}
    assert b'href="/setup"' in stranger(VISIT).body


def test_the_certificate_is_a_file() -> None:
    found = root_certificate((ROOT,))

    assert (found.body, found.kind) == (b"PEM", "application/x-x509-ca-cert")
    assert found.headers == {"content-disposition": 'attachment; filename="tollway-ca.pem"'}


def test_two_certificates_are_one_file_and_each_is_one_by_its_id() -> None:
    other = replace(ROOT, pem=b"OTHER", id="cafecafe")

    assert root_certificate((ROOT, other)).body == root_certificate((ROOT, other), "none").body == b"PEMOTHER"
    found = root_certificate((ROOT, other), "cafecafe")
    assert (found.body, found.headers["content-disposition"]) == (
        b"OTHER", 'attachment; filename="tollway-ca-cafecafe.pem"',
    )  # fmt: skip
