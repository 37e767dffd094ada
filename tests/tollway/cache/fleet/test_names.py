"""What the keys of answers are called."""

from redis.crc import key_slot

from tollway.cache.fleet.names import AnswerNames
from tollway.ledger.fleet.names import Names


def test_all_are_in_the_hash_slot_of_their_organisations_limits() -> None:
    names = AnswerNames("acme")
    keys = [*names.index, names.answer(b"\x00\xff"), names.coming("w")]

    assert len(set(keys)) == 7
    assert {key_slot(each.encode()) for each in keys} == {key_slot(Names("acme").meta.encode())}
    assert names.answer(b"\x00\xff") == "{tollway:acme}:answer:00ff"


def test_two_organisations_share_none() -> None:
    assert not {*AnswerNames("a").index} & {*AnswerNames("b").index}
