"""An answer in one piece, in the place of the provider's."""

from mitmproxy.http import Response

from tollway.hooks.whole_answer import put_whole


def test_its_length_is_true() -> None:
    response = Response.make(200, b"a longer one", {"transfer-encoding": "chunked", "x-a": "b"})

    put_whole(response, b"short")

    assert response.raw_content == b"short"
    assert response.headers["content-length"] == "5"
    assert "transfer-encoding" not in response.headers
    assert response.headers["x-a"] == "b"
