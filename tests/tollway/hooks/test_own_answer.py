"""The headers of the proxy's own answers."""

from tollway.hooks.own_answer import HEADERS, own_answer
from tollway.page.answer import Answer

ANSWER = Answer(status=503, kind="text/plain", body=b"four", headers={"retry_after": "5"})


def test_an_answer_has_all_headers_that_keep_it_to_its_caller() -> None:
    response = own_answer(ANSWER, head=False)

    assert (response.status_code, response.content) == (503, b"four")
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["retry-after"] == "5"
    assert response.headers["content-length"] == "4"


def test_a_head_has_the_length_and_no_body() -> None:
    response = own_answer(ANSWER, head=True)

    assert (response.content, response.headers["content-length"]) == (b"", "4")
