"""What a worker inherits, as a word of its command line."""

import socket

import pytest
from msgspec.structs import replace

from tollway.workers.place import Place

PLACE = Place(number=2, share=5, line=9, page=3, sockets=[[7, 8], [10]])


def test_it_is_read_as_it_was_written() -> None:
    assert Place.of(PLACE.word()) == PLACE
    assert PLACE.fds() == [9, 3, 7, 8, 10]
    assert replace(PLACE, key=4).fds() == [9, 3, 4, 7, 8, 10]


@pytest.mark.parametrize("word", ["", "2", "{}", '{"number": "2"}'])
def test_another_word_is_none(word: str) -> None:
    with pytest.raises(ValueError, match="what a supervisor says is otherwise: "):
        Place.of(word)


def test_its_sockets_are_those_that_listen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        place = Place(number=1, share=0, page=3, sockets=[[one.dup().detach()]])
        ((found,),) = place.listening()
        with found:
            assert found.getsockname() == one.getsockname()


def test_programs_that_a_worker_starts_do_not_get_them() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.socket() as line, socket.socket() as page:
        for each in (one, line, page):
            each.set_inheritable(True)
        Place(number=1, share=0, line=line.fileno(), page=page.fileno(), sockets=[[one.fileno()]]).keep()

        assert [each.get_inheritable() for each in (one, line, page)] == [False] * 3
