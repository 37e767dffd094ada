"""New models and services are told as they are seen."""

from msgspec.structs import replace

from tests.tollway.alerts.test_spotted import CALL, NOON, SEEN
from tollway.alerts.alert import Kind
from tollway.alerts.news import News
from tollway.discovery.services import known_services
from tollway.model import Cost
from tollway.spotting import DAY_US, MOST, Spotting


def test_what_is_new_is_handed_on_and_the_rest_is_not() -> None:
    told: list[News] = []
    spotting = Spotting(known_services(), told.append, lambda: NOON)

    spotting.ended(replace(CALL, cost=Cost()))
    spotting.discovered("Nobody", replace(SEEN, host="nobody.example"))
    spotting.discovered("Poe", replace(SEEN, connections=0, sent_bytes=5))
    assert told == []
    spotting.ended(CALL)
    spotting.discovered("Poe", SEEN)
    spotting.refused(replace(CALL, model="gpt-10"))

    assert [each.alert.kind for each in told] == [Kind.UNPRICED, Kind.UNMANAGED, Kind.UNPRICED]
    assert [each.alert.fields.get("refused") for each in told] == [False, 0, True]
    assert {each.alert.at_us for each in told} == {NOON}


def test_names_that_are_made_up_are_told_up_to_a_number_a_day() -> None:
    told: list[News] = []
    now_us = [NOON]
    spotting = Spotting(known_services(), told.append, lambda: now_us[0])

    for number in range(MOST + 5):
        spotting.refused(replace(CALL, model=f"model {number}"))
    assert len(told) == MOST
    spotting.ended(replace(CALL, model="model 0"))
    assert len(told) == MOST + 1
    now_us[0] += DAY_US
    spotting.refused(replace(CALL, model="another"))

    assert len(told) == MOST + 2
