"""Among whom answers are shared: what nobody vouches for opens no scope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.caching.scope import NO_TEAM, NO_USER, NOBODY_VOUCHES, Scope, none_because, scope_of
from tollway.model import Identity

ANN = Identity(user="ann", team="research", service="ci", verified=True)
SAYS_SO = Identity(user="ann", team="research", service="ci")


@pytest.mark.parametrize(
    ("scope", "who", "name"),
    [
        (Scope.USER, ANN, "user ann"),
        (Scope.USER, Identity(service="ci", verified=True), "service ci"),
        (Scope.USER, Identity(team="research", verified=True), None),
        (Scope.TEAM, ANN, "team research"),
        (Scope.TEAM, Identity(user="ann", verified=True), None),
        (Scope.COMPANY, ANN, "company"),
        (Scope.COMPANY, Identity(verified=True), "company"),
        (Scope.USER, SAYS_SO, None),
        (Scope.TEAM, SAYS_SO, None),
        (Scope.COMPANY, SAYS_SO, None),
    ],
)
def test_where_callers_are_known_it_is_who_they_are_known_as(
    scope: Scope, who: Identity, name: str | None
) -> None:
    assert scope_of(scope, who, "f1", is_here=True, knows_callers=True) == name


@pytest.mark.parametrize(
    ("scope", "credential", "is_here", "name"),
    [
        (Scope.USER, "f1", True, "machine f1"),
        (Scope.USER, None, True, "machine"),
        (Scope.USER, "f1", False, None),
        (Scope.TEAM, "f1", True, None),
        (Scope.COMPANY, "f1", True, "company"),
        (Scope.COMPANY, None, False, "company"),
    ],
)
def test_where_nobody_is_asked_this_machine_is_a_user_and_all_are_the_company(
    scope: Scope, credential: str | None, is_here: bool, name: str | None
) -> None:
    assert scope_of(scope, Identity(), credential, is_here, knows_callers=False) == name


@pytest.mark.parametrize(("credential", "name"), [("f1", "machine m f1"), (None, "machine m")])
def test_machines_that_share_answers_are_users_apart(credential: str | None, name: str) -> None:
    assert scope_of(Scope.USER, Identity(), credential, True, knows_callers=False, machine="m") == name
    assert (
        scope_of(Scope.COMPANY, Identity(), credential, True, knows_callers=False, machine="m") == "company"
    )


def test_it_is_told_why_a_caller_is_in_none() -> None:
    assert none_because(Scope.TEAM, SAYS_SO) == NOBODY_VOUCHES
    assert none_because(Scope.USER, Identity(verified=True)) == NO_USER
    assert none_because(Scope.TEAM, Identity(verified=True)) == NO_TEAM


TEXTS = st.text(max_size=5) | st.sampled_from(["company", "user a", "machine", "team a", " "])
WHO = st.builds(
    Identity,
    user=st.none() | TEXTS, team=st.none() | TEXTS, service=st.none() | TEXTS, verified=st.booleans(),
)  # fmt: skip


@given(st.sampled_from(Scope), WHO, WHO)
def test_callers_share_a_scope_only_if_they_are_vouched_for_as_the_same(
    scope: Scope, one: Identity, other: Identity
) -> None:
    """Whatever they are called: no name of a user is taken for a team's, or for the company."""
    names = [scope_of(scope, who, None, is_here=False, knows_callers=True) for who in (one, other)]
    if names[0] is None or names[0] != names[1]:
        return

    assert one.verified
    assert other.verified
    if scope is Scope.TEAM:
        assert one.team == other.team
    elif scope is Scope.USER:
        assert (one.user or None, one.user or one.service) == (
            other.user or None,
            other.user or other.service,
        )


@given(WHO)
def test_kinds_of_scopes_have_no_name_in_common(who: Identity) -> None:
    names = [scope_of(scope, who, None, is_here=True, knows_callers=True) for scope in Scope]
    found = [name for name in names if name is not None]

    assert len(set(found)) == len(found)
