"""What is told of new models and services."""

from msgspec.structs import replace

from tollway.alerts.alert import Kind, document
from tollway.alerts.spotted import AGAIN_US, is_unpriced, unmanaged, unpriced
from tollway.discovery.services import Found, known_services
from tollway.discovery.sighting import Sighting, Who
from tollway.model import CallRecord, Cost

NOON = 1_795_521_600_000_000
CALL = CallRecord(
    id="c1", state="done", started_us=NOON, provider="openai", model="gpt-9", user="ann",
    cost=Cost(output_nano=1_500_000_000, flags=("unknown_price",)),
)  # fmt: skip
SEEN = Sighting(
    day="2026-11-24", host="chat.poe.com", who=Who("ann", "blue", "chrome", "10.0.0.1"), connections=2,
    first_us=NOON, last_us=NOON,
)  # fmt: skip


def poe() -> Found:
    """A service of the list, at a host under its own."""
    found = known_services().find("chat.poe.com")
    assert found is not None
    return found


def test_a_model_without_a_price_is_known_by_its_flag() -> None:
    assert is_unpriced(CALL)
    assert not is_unpriced(replace(CALL, cost=Cost(flags=("estimated_input",))))


def test_it_is_told_once_for_a_providers_model() -> None:
    news = unpriced(CALL, NOON)

    assert news.name == unpriced(replace(CALL, id="c2", user="bob"), NOON + 1).name
    assert news.name != unpriced(replace(CALL, model="gpt-10"), NOON).name
    assert news.name != unpriced(replace(CALL, provider="azure"), NOON).name
    assert news.again_after_us is None
    assert news.alert.kind is Kind.UNPRICED
    assert news.alert.text.startswith(
        "no price of openai/gpt-9 is known: its calls are charged at the dearest that is known (call c1)"
    )
    said = document(news.alert)
    assert {name: said[name] for name in ("call", "provider", "model", "cost_usd", "refused", "user")} == {
        "call": "c1", "provider": "openai", "model": "gpt-9", "cost_usd": "1.5", "refused": False,
        "user": "ann",
    }  # fmt: skip


def test_one_that_is_refused_may_be_nobodys_and_is_told_again_later() -> None:
    news = unpriced(CALL, NOON, refused=True)

    assert "hard limits refuse its calls (call c1)" in news.alert.text
    assert news.again_after_us == AGAIN_US
    assert (news.alert.fields["refused"], news.alert.fields["cost_usd"]) == (True, "0")


def test_a_call_that_names_no_model_is_its_providers() -> None:
    news = unpriced(replace(CALL, model=None, user=None), NOON)

    assert news.alert.text.startswith("no price of openai is known")
    assert news.alert.fields["model"] is news.alert.fields["user"] is None


def test_a_name_that_is_made_up_is_shown_in_one_line() -> None:
    news = unpriced(replace(CALL, model="x\n\udcff" * 500), NOON)

    assert "\n" not in news.alert.text
    assert news.alert.text.encode()


def test_a_service_is_told_once_for_a_host_of_the_list() -> None:
    news = unmanaged(poe(), SEEN, NOON)

    assert news.name == unmanaged(replace(poe(), host="other.poe.com"), SEEN, NOON).name
    assert news.again_after_us is None
    assert news.alert.kind is Kind.UNMANAGED
    assert news.alert.text == (
        "ann went to chat.poe.com (Poe, chat), an AI service that Tollway does not read: tollway discover "
        "says who else does, and how much"
    )
    said = document(news.alert)
    assert {name: said[name] for name in ("host", "service_name", "user", "team", "program", "client")} == {
        "host": "chat.poe.com", "service_name": "Poe", "user": "ann", "team": "blue", "program": "chrome",
        "client": "10.0.0.1",
    }  # fmt: skip
    assert (said["connections"], said["refused"]) == (2, 0)


def test_who_is_kept_from_it_is_told_so() -> None:
    address = replace(SEEN, who=Who(client="10.0.0.1"), connections=0, refused=1)

    assert unmanaged(poe(), address, NOON).alert.text.startswith("10.0.0.1 was kept from chat.poe.com")
    assert unmanaged(poe(), replace(SEEN, who=Who()), NOON).alert.text.startswith("a caller went to")
