"""Who may ask (as it is asked over sockets: test_answering.py; as options have it: test_admin_options.py)."""

import pytest

from tollway.observe.door import Door, door

TOKEN = "made-up-token-of-32-characters-x"
HERE = ("127.0.0.1", 9464)


def test_a_token_is_not_kept() -> None:
    found = door(HERE, TOKEN)

    assert TOKEN not in repr(found)
    assert found.digest is not None
    assert TOKEN.encode() not in found.digest


@pytest.mark.parametrize(
    ("shown", "knows"),
    [
        ([(b"authorization", f"Bearer {TOKEN}".encode())], True),
        ([(b"authorization", f"bearer   {TOKEN} ".encode())], True),
        ([(b"authorization", f"Bearer {TOKEN}".encode()), (b"authorization", b"Bearer x")], False),
        ([(b"authorization", f"Basic {TOKEN}".encode())], False),
        ([], False),
    ],
)
def test_the_token_is_shown_once_as_a_bearer_has_it(shown: list[tuple[bytes, bytes]], knows: bool) -> None:
    assert door(HERE, TOKEN).knows(shown) is knows
    assert Door().knows(shown)


@pytest.mark.parametrize(
    ("headers", "page", "probe"),
    [
        ([(b"host", b"localhost:9464")], True, True),
        ([(b"host", b"evil.example")], False, False),
        ([(b"host", b"")], False, False),
        ([], False, True),
    ],
)
def test_without_a_token_no_page_of_a_browser_gets_anything(
    headers: list[tuple[bytes, bytes]], page: bool, probe: bool
) -> None:
    assert [door(HERE, None).is_asked_here(headers, is_probe) for is_probe in (False, True)] == [page, probe]
    assert door(HERE, TOKEN).is_asked_here(headers, False)
