"""A text that is looked through by itself."""

from tests.tollway.policy.written import policy
from tollway.guardrails.found import Family
from tollway.scanning.looking import NO_KEY, by_policy, for_families

TEXT = f"card {4242_0000_0000_0000 // 10**12}, ann@{'firma.de'} and bluebird".encode()


def kinds_of(entries: str) -> list[str]:
    found = by_policy(policy(f"guardrails: [{entries}]").guardrails, NO_KEY)
    return [spot.kind for spot in found.spots(TEXT)]


def test_families_are_found_as_a_whole() -> None:
    assert [spot.kind for spot in for_families([Family.PERSONAL]).spots(TEXT)] == ["email"]


def test_a_policys_guardrails_find_what_they_would_do_something_with() -> None:
    assert kinds_of("{find: email, do: flag}") == ["email"]
    assert kinds_of("{find: card, do: flag}, {name: w, words: [bluebird], do: block}") == ["w"]
    assert kinds_of("{find: email, do: flag, allow: '*@firma.de'}") == []


def test_so_many_have_to_be_there_as_a_guardrail_wants() -> None:
    looking = by_policy(
        policy("guardrails: [{find: email, do: block, at_least: {email: 2}}]").guardrails, b"key"
    )
    one, two = (" ".join(f"ann{n}@acme.io" for n in range(many)).encode() for many in (1, 2))

    assert (len(looking.spots(one)), len(looking.spots(two))) == (0, 2)
