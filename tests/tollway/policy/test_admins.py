"""Who sees everything."""

import pytest

from tests.tollway.policy.written import policy
from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.errors import PolicyError
from tollway.model import Identity
from tollway.policy.admins import Administrators

SOURCES = """
identity: [{proxy_jwt: {issuer: "https://login.example.com/", audience: tollway}}]
claims: {user: email, role: role, cost_center: department}
"""
FINANCE = Identity(user="ann", role="finops", source="proxy_jwt", verified=True)


def administrators(text: str) -> Administrators:
    """Those that a policy has."""
    found = policy(text)
    return Administrators(found.admins, bool(found.identity))


@pytest.mark.parametrize(
    ("admins", "who", "has"),
    [
        ("{role: finops}", FINANCE, True),
        ("{role: [sre, 'fin*'], user: {not: bob}}", FINANCE, True),
        ("{role: finops, user: bob}", FINANCE, False),
        ("{role: finops}", Identity(role="FinOps", source="proxy_jwt", verified=True), False),
        ("{role: finops}", Identity(source="proxy_jwt", verified=True), False),
        ("{role: finops}", Identity(role="finops", source="provider_token"), False),
        ("{user: {not: bob}}", Identity(), False),
        ("{user: {not: bob}}", FINANCE, True),
        ("{group: fin}", Identity(groups=("a", "fin"), source="proxy_jwt", verified=True), True),
        ("{group: fin}", Identity(groups=UNKNOWN_GROUPS, source="proxy_jwt", verified=True), False),
        ("{claim.cost_center: '4711'}", Identity(attributes={"cost_center": "4711"}, verified=True), True),
        ("{network: 10.0.0.0/8}", Identity(network="10.0.0.0/8", source="networks", verified=True), True),
        ("{}", FINANCE, False),
    ],
)
def test_whom_the_policy_names_and_somebody_vouches_for_is_one(admins: str, who: Identity, has: bool) -> None:
    """The address does not help: with identity, this machine's own callers are nobody in particular."""
    assert administrators(f"{SOURCES}admins: {admins}").have(who, "127.0.0.1") is has


@pytest.mark.parametrize("admins", ["", "admins: {role: finops}"])
def test_without_identity_this_machine_is_one(admins: str) -> None:
    found = administrators(admins)

    assert found.have(Identity(), "127.0.0.1")
    assert not found.have(FINANCE, "10.0.0.1")


@pytest.mark.parametrize(
    ("admins", "said"),
    [
        ("{model: x}", "admins.model: model says what is called, not who calls"),
        ("{tag.a: x}", "admins.tag.a: tag.a says what is called"),
        ("{program: x}", "admins.program: program says what is called"),
        ("{rol: x}", "did you mean role?"),
        ("{claim.x: y}", "no claim is called 'claim.x'"),
        ("{role: []}", "an empty list matches nothing"),
        ("finops", "admins: "),
    ],
)
def test_what_is_no_match_for_callers_is_a_mistake(admins: str, said: str) -> None:
    with pytest.raises(PolicyError) as error:
        policy(f"{SOURCES}admins: {admins}")

    assert said in str(error.value)
