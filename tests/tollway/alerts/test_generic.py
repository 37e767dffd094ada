import orjson

from tests.tollway.alerts.test_grouped import alert
from tollway.alerts.generic import generic
from tollway.alerts.grouped import grouped


def test_one_and_several_have_the_same_form() -> None:
    (both,) = grouped([alert("one", at_us=0), alert("<two>", at_us=10**6)])

    assert generic(alert("one", at_us=0)) == {
        "source": "tollway", "kind": "forecast", "at": "1970-01-01T00:00:00Z", "text": "one",
        "alerts": [{"text": "one", "at": "1970-01-01T00:00:00Z", "limit": "one"}],
    }  # fmt: skip
    said = generic(both)
    assert (said["at"], said["text"]) == ("1970-01-01T00:00:01Z", "2 limits will be exceeded at this pace")
    assert [each["text"] for each in said["alerts"]] == ["one", "<two>"]
    assert orjson.dumps(said)
