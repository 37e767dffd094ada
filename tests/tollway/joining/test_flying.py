"""Which calls may be joined."""

from tollway.joining.flying import Flying


def test_a_call_is_found_by_its_place_until_it_lands() -> None:
    flying = Flying()
    assert flying.find(b"a") is None

    shared = flying.lead(b"a", 10)
    shared.listen()

    assert flying.listeners == 1
    assert flying.find(b"a") is shared
    assert flying.find(b"b") is None
    flying.land(b"a", shared)
    assert flying.find(b"a") is None


def test_one_that_landed_does_not_take_the_next_ones_place_away() -> None:
    flying = Flying()
    first = flying.lead(b"a", 10)
    second = flying.lead(b"a", 10)

    flying.land(b"a", first)

    assert flying.find(b"a") is second
