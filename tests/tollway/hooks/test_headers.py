"""Headers are found by their lower-case names, whatever bytes a stranger put in them."""

from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.http import Headers

from tollway.hooks.headers import plain, put, value, whole


def test_names_are_in_lower_case_and_values_as_they_came() -> None:
    headers = Headers([(b"Content-Type", b"Application/JSON"), (b"X-API-KEY", b"Secret")])

    assert plain(headers) == {"content-type": "Application/JSON", "x-api-key": "Secret"}


def test_of_several_of_one_name_the_last_is_taken() -> None:
    """mitmproxy's own look-up would join them."""
    assert plain(Headers([(b"Via", b"one"), (b"x", b"y"), (b"VIA", b"two")])) == {"via": "two", "x": "y"}


def test_there_may_be_none() -> None:
    assert plain(Headers()) == {}


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_bytes_that_are_no_text_are_kept(name: bytes, sent: bytes) -> None:
    """And can be had back."""
    ((found, said),) = plain(Headers([(name, sent)])).items()

    assert said.encode("utf-8", "surrogateescape") == sent
    assert found == name.decode("utf-8", "surrogateescape").lower()


def test_values_are_put_in_the_place_of_those_that_were_there() -> None:
    headers = Headers([(b"X-Call", b"a"), (b"Via", b"one"), (b"x-call", b"b")])

    put(headers, {b"x-call": b"ours", b"x-new": b"1"})

    assert headers.fields == ((b"Via", b"one"), (b"x-call", b"ours"), (b"x-new", b"1"))


def test_several_of_one_name_can_be_had_as_one() -> None:
    headers = Headers([(b"Via", b"one"), (b"x", b"y"), (b"VIA", b"two")])

    assert whole(headers, plain(headers)) == {"via": "one, two", "x": "y"}
    assert whole(Headers([(b"X", b"y")]), {"x": "y"}) == {"x": "y"}


@given(st.text(max_size=20))
def test_a_value_of_ours_ends_no_line(text: str) -> None:
    said = value(text)

    assert len(said) == len(text)
    assert said.isascii()
    assert said.isprintable() or not said


def test_a_value_of_ours_has_an_end() -> None:
    assert (value("gpt-4o -> é\r\n"), len(value("x" * 5_000))) == ("gpt-4o -> ???", 1_000)
