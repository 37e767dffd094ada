"""The policy's sources are asked in their order; an issuer's keys are kept while a policy names it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.tollway.identity.issuer import CLAIMS, NOW, rsa_key, signed
from tests.tollway.issuers.provider import KEYS, Provider, providing
from tollway.callers import Callers
from tollway.identity.judge import Known, Missing, Refused
from tollway.policy.load import load
from tollway.sources import Shown

Made = Callable[[str], Callers]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An identity provider."""
    with providing() as found:
        yield found


@pytest.fixture
async def made() -> AsyncIterator[Made]:
    """Callers of a policy, at NOW."""
    several: list[Callers] = []

    def make(policy: str) -> Callers:
        several.append(Callers(lambda: NOW))
        several[-1].swap(load(f"version: 1\n{policy}", "test.yaml"))
        return several[-1]

    yield make
    for callers in several:
        callers.stop()


def token(provider: Provider, **claims: object) -> str:
    return signed({**CLAIMS, "iss": provider.issuer, **claims})


def shown(proxy: str | None = None, address: str = "192.0.2.1", **headers: str) -> Shown:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Shown(proxy=proxy, headers=named, address=address)


async def who(callers: Callers, what: Shown) -> str | None:
    """The user; None: nobody knows. Waits for keys as a call does. Raises AssertionError for a refusal."""
    answer = callers.who(what)
    if isinstance(answer, Missing):
        answer = await callers.who_now(what, answer)
    assert not isinstance(answer, Refused | Missing), answer
    return answer.identity.user if answer is not None else None


NETWORKS = """
identity:
  - networks: {10.20.0.0/16: {user: ci}, 10.20.1.0/24: {user: ann, team: a, role: r, groups: [g]}}
  - networks: {10.0.0.0/8: {user: all}}
"""


async def test_the_first_source_that_knows_an_address_holds(made: Made) -> None:
    callers = made(NETWORKS)

    found = [await who(callers, shown(address=f"10.{rest}")) for rest in ("20.9.9", "20.1.9", "9.9.9")]
    assert found == ["ci", "ann", "all"]
    assert await who(callers, shown()) is None
    ann = callers.who(shown(address="10.20.1.9"))
    assert isinstance(ann, Known)
    assert (ann.identity.team, ann.identity.role, ann.identity.groups) == ("a", "r", ("g",))
    assert (ann.identity.network, ann.identity.source, ann.identity.verified) == (
        "10.20.1.0/24",
        "networks",
        True,
    )


async def test_an_address_is_looked_up_once(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it is remembered; memory is bounded."""
    monkeypatch.setattr("tollway.sources.MOST_REMEMBERED", 1)
    callers = made(NETWORKS)
    first = callers.who(shown(address="10.20.9.9"))
    assert callers.who(shown(address="10.20.9.9")) is first
    callers.who(shown(address="10.9.9.9"))

    again = callers.who(shown(address="10.20.9.9"))
    assert again is not first
    assert again == first


def sources(provider: Provider, *order: str) -> str:
    """A policy of these sources, in this order."""
    said = {
        "proxy": f"{{proxy_jwt: {{issuer: '{provider.issuer}', audience: tollway}}}}",
        "header": f"{{header_jwt: {{header: X-Token, issuer: '{provider.issuer}', audience: tollway}}}}",
        "network": "{networks: {0.0.0.0/0: {user: office}}}",
    }
    return f"identity: [{', '.join(said[name] for name in order)}]\nclaims: {{user: email}}\n"


async def test_sources_are_asked_in_the_policys_order(made: Made, provider: Provider) -> None:
    both = shown(token(provider, email="proxy"), x_token=token(provider, email="header"))

    for order in (
        ("proxy", "header", "network"),
        ("header", "network", "proxy"),
        ("network", "proxy", "header"),
    ):
        callers = made(sources(provider, *order))
        assert await who(callers, both) == {"network": "office"}.get(order[0], order[0])
        assert await who(callers, shown()) == "office"


async def test_a_hint_gives_way_to_whoever_knows_for_sure(made: Made, provider: Provider) -> None:
    """Wherever it stands; of two hints the first holds."""
    hint = "{provider_token: {claims: {user: email}}}"
    other = "{provider_token: {claims: {user: sub}}}"
    known = sources(provider, "network").replace("0.0.0.0/0", "10.0.0.0/8")
    callers = made(known.replace("identity: [", f"identity: [{hint}, {other}, "))
    headers = {"authorization": f"Bearer {token(provider, email='hint', sub='other')}"}

    assert await who(callers, Shown(address="10.0.0.1", headers=headers)) == "office"
    assert await who(callers, Shown(address="192.0.2.1", headers=headers)) == "hint"


async def test_a_bad_token_is_not_passed_over_for_the_next_source(made: Made, provider: Provider) -> None:
    callers = made(sources(provider, "proxy", "network"))
    await who(callers, shown(token(provider)))

    assert isinstance(
        callers.who(shown(signed({**CLAIMS, "iss": provider.issuer}, rsa_key("evil")))), Refused
    )


async def test_a_token_of_one_place_is_none_in_another(made: Made, provider: Provider) -> None:
    """Each has its audience: what was verified there says nothing here."""
    policy = sources(provider, "proxy", "header").replace("X-Token, ", "X-Token, algorithms: [ES256], ")
    callers = made(policy)
    text = token(provider)

    assert await who(callers, shown(text)) == "ann@example.com"
    assert isinstance(callers.who(shown(x_token=text)), Refused)


async def test_a_token_is_checked_once(made: Made, provider: Provider) -> None:
    callers = made(sources(provider, "proxy"))
    await who(callers, shown(token(provider)))

    first = callers.who(shown(token(provider)))
    assert isinstance(first, Known)
    assert callers.who(shown(token(provider))) is first


async def test_keys_are_kept_from_policy_to_policy_while_it_names_their_issuer(
    made: Made, provider: Provider
) -> None:
    callers = made(sources(provider, "proxy"))
    await who(callers, shown(token(provider)))
    callers.swap(load(f"version: 1\n{sources(provider, 'proxy', 'network')}", "x"))

    assert isinstance(callers.who(shown(token(provider))), Known)
    assert provider.asked.count(KEYS) == 1
    callers.swap(load("version: 1\n", "x"))
    assert callers.who(shown(token(provider))) is None
    await asyncio.sleep(0)
    assert callers._keeping == {}


async def test_a_policy_that_changes_while_keys_are_awaited_decides(made: Made, provider: Provider) -> None:
    """Also where it names their issuer no more."""
    callers = made(sources(provider, "proxy"))
    missing = callers.who(shown(token(provider)))
    assert isinstance(missing, Missing)
    callers.swap(load(f"version: 1\n{sources(provider, 'network')}", "x"))

    answer = await callers.who_now(shown(token(provider)), missing)

    assert isinstance(answer, Known)
    assert answer.identity.user == "office"


@pytest.mark.parametrize(
    ("order", "more", "challenges", "refuses"),
    [
        (("proxy",), "", True, True),
        (("proxy",), "anonymous: allow", False, False),
        (("proxy", "network"), "", False, True),
        (("header",), "", False, True),
        (("network",), "anonymous: allow", False, False),
    ],
)
async def test_what_is_asked_of_whom_nobody_knows(
    made: Made, provider: Provider, order: tuple[str, ...], more: str, challenges: bool, refuses: bool
) -> None:
    callers = made(sources(provider, *order) + more)

    assert (callers.challenges, callers.refuses) == (challenges, refuses)
    assert callers.headers == ({"x-token"} if "header" in order else frozenset())


async def test_without_sources_nobody_is_asked(made: Made) -> None:
    callers = made("")

    assert (callers.challenges, callers.refuses, callers.who(shown())) == (False, False, None)


async def test_a_source_may_have_names_of_its_own(made: Made, provider: Provider) -> None:
    own = sources(provider, "proxy").replace("audience: tollway", "audience: tollway, claims: {user: sub}")
    callers = made(own)

    assert await who(callers, shown(token(provider))) == "1234"


def test_what_is_shown_is_not_seen_in_logs() -> None:
    assert repr(shown("secret", authorization="secret")) == "Shown(192.0.2.1)"
