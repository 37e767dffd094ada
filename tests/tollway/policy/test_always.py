"""The section `always` of a policy."""

import pytest

from tollway.errors import PolicyError
from tollway.policy.load import load

ROUTES = 'version: 1\nroutes: {trial: [{from: "gpt-*", to: openai/gpt-5-mini}]}\n'


def test_an_entry_names_a_route_and_which_calls_take_it() -> None:
    (first, second) = load(
        f"{ROUTES}always: [{{match: {{team: research}}, route: trial}}, {{route: trial}}]", "p"
    ).always

    assert (first.route, first.match["team"].values, second.match) == ("trial", ("research",), {})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{route: trail}", "always[0].route: no route is called 'trail'; did you mean trial?"),
        ("{match: {team: a}}", "always[0].route: is missing"),
        ("{route: trial, match: {claim.x: a}}", "always[0].match.claim.x: no claim is called 'claim.x'"),
        ("{route: trial, when: {}}", "always[0].when: unknown key"),
    ],
)
def test_what_an_entry_can_not_say_is_told(entry: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(f"{ROUTES}always: [{entry}]", "p")

    assert said in str(caught.value)
