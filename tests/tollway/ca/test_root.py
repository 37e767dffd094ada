"""The root of another machine's Tollway."""

from datetime import datetime
from pathlib import Path

import pytest

from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.make import make
from tollway.ca.root import read
from tollway.ca.roots import system_roots


def test_it_says_of_itself_what_its_authority_does(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "tollway-ca.pem"
    path.write_bytes(authority.root_pem())

    root = read(path)

    assert (root.id, root.permitted, root.root_pem()) == (
        authority.id, authority.permitted, authority.root_pem(),
    )  # fmt: skip


@pytest.mark.parametrize("part", [0, 1, 2], ids=["nothing", "any authority", "two"])
def test_what_may_speak_for_every_host_is_none(tmp_path: Path, part: int) -> None:
    """A file of several, too: nobody means to trust all of them by this."""
    path, end = tmp_path / "some.pem", "-----END CERTIFICATE-----\n"
    path.write_text("".join(each + end for each in system_roots().read_text().split(end)[:part]))

    with pytest.raises(AuthorityError, match="is no root of a Tollway"):
        read(path)


def test_what_is_no_certificate_is_none(tmp_path: Path) -> None:
    path = tmp_path / "broken.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")

    with pytest.raises(AuthorityError, match="is no root of a Tollway"):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match=r"none\.pem: No such file"):
        read(tmp_path / "none.pem")


def test_while_one_takes_the_others_place_a_file_has_both(
    tmp_path: Path, authority: Authority, now: datetime
) -> None:
    path, other = tmp_path / "tollway-ca.pem", make([], now)
    path.write_bytes(authority.root_pem() + other.root_pem())

    assert read(path).ids == (authority.id, other.id)
    assert read(path).root_pem() == path.read_bytes()


def test_one_that_may_speak_for_every_host_spoils_the_file(tmp_path: Path, authority: Authority) -> None:
    path, end = tmp_path / "some.pem", "-----END CERTIFICATE-----\n"
    any_authority = system_roots().read_text().split(end)[0] + end
    path.write_bytes(authority.root_pem() + any_authority.encode())

    with pytest.raises(AuthorityError, match="is no root of a Tollway"):
        read(path)
