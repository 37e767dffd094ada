"""A look at all buckets."""

from msgspec.structs import replace

from tests.tollway.alerts.test_forecast import AMOUNT, LENGTH, START, bucket
from tollway.alerts.alert import Kind, document
from tollway.alerts.forecast import Forecast, Standing
from tollway.alerts.outlook import MOST, Courses, look, packed, told, unpacked
from tollway.budget.amounts import Unit

HOUR = LENGTH // 24


def one(name: str, settled: int, amount: int = AMOUNT, unit: Unit = Unit.USD) -> Standing:
    """A bucket of a day."""
    return Standing(
        bucket=bucket(key=name, limit=name, unit=unit, values={"team": "blue"}), amount=amount,
        settled=settled, since_us=START, until_us=START + LENGTH, first_us=START,
    )  # fmt: skip


def test_looks_lead_to_a_forecast_though_each_is_another_processs() -> None:
    """What one has seen is a text that the next one reads."""
    text: str | None = None
    found: list[Forecast] = []
    for minute in range(1, 240):
        now_us = START + minute * HOUR // 60
        courses, forecasts = look(unpacked(text), [one("day", 2 * AMOUNT * minute // 1440)], now_us)
        text = packed(courses)
        found += forecasts

    assert [each.standing.bucket.limit for each in found[:1]] == ["day"]
    assert found[0].standing.settled == 2 * AMOUNT * 144 // 1440
    assert len(text or "") < 1_500


def test_only_what_comes_to_half_of_its_amount_is_kept() -> None:
    """And has something left."""
    at_us = START + LENGTH // 4
    buckets = [
        one("slow", AMOUNT // 9), one("near", AMOUNT // 7), one("spent", AMOUNT), one("none", 0, 0),
        replace(one("later", AMOUNT // 7), since_us=at_us),
    ]  # fmt: skip

    courses, _ = look({}, buckets, at_us)

    assert [len(samples) for samples in courses.values()] == [1]
    assert courses == look({}, [one("near", AMOUNT // 7)], at_us)[0]


def test_no_more_buckets_are_kept_than_there_is_room_for() -> None:
    """Those that are nearest to their amount."""
    buckets = [one(f"b{n}", AMOUNT // 2 + n) for n in range(MOST + 5)]

    courses, _ = look({}, buckets, START + LENGTH // 2)

    assert len(courses) == MOST
    assert courses.items() >= look({}, buckets[-1:], START + LENGTH // 2)[0].items()


def test_a_text_that_nobody_wrote_is_nothing_seen() -> None:
    courses: Courses = {"a": ((1, 2), (3, 4))}

    assert unpacked(packed(courses)) == courses
    assert unpacked(None) == unpacked("") == unpacked("[]") == unpacked('{"a": "b"}') == {}


def news(unit: Unit = Unit.USD) -> dict[str, object]:
    """What is told of a limit that would come to twice its amount."""
    courses: Courses = {}
    for minute in range(1, 200):
        at_us = START + minute * HOUR // 60
        courses, found = look(courses, [one("day", 2 * AMOUNT * minute // 1440, unit=unit)], at_us)
        if found:
            told_of = told(found[0], at_us)
            assert told_of.again_after_us == 2 * LENGTH
            assert told_of.alert.kind is Kind.FORECAST
            return document(told_of.alert)
    raise AssertionError


def test_it_says_how_much_by_when_and_when_nothing_is_left() -> None:
    said = news()

    assert said["text"] == (
        "Tollway: the limit day (team blue) will be exceeded: at this pace it comes to about "
        f"{said['expected']} USD of 1000 USD by 2026-11-25T00:00:00Z, and all is spent at {said['spent_at']}"
    )
    assert str(said["expected"]).partition(".")[2] in ("", *(f"{cents}" for cents in range(100)), "05")
    assert {name: said[name] for name in ("limit", "bucket", "settled", "amount", "unit", "until")} == {
        "limit": "day", "bucket": {"team": "blue"}, "settled": "200", "amount": "1000", "unit": "USD",
        "until": "2026-11-25T00:00:00Z",
    }  # fmt: skip
    assert "2026-11-24T11" < str(said["spent_at"]) < "2026-11-24T16"


def test_tokens_are_whole() -> None:
    assert isinstance(news(Unit.TOKENS)["expected"], int)
