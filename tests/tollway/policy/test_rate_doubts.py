"""What a policy says of rates and can't be meant to is told, with its place."""

from datetime import date

import pytest

from tollway.policy.load import warnings

ROUTES = "\nroutes: {r: [{from: 'gpt-*', to: openai/gpt-5.4-mini}]}"


def doubts(entry: str) -> list[str]:
    """Each with its way, where a route is named or not."""
    routes = ROUTES if "route" in entry else ""
    text = f"version: 1\nrates: [{{name: a, {entry}}}]{routes}"
    return [f"{one.path}: {one.message}" for one in warnings(text, "p.yaml", date(2026, 11, 30))]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("allow: 8 at once, match: {program: x}", "match.program: clients choose their program: one that"),
        ("allow: 8 at once, per: session", "per: clients choose their session: one that says another is"),
        ("allow: 8 at once, per: [team, tag.a]", "per[1]: clients choose their tag.a"),
        ("allow: 8 at once, match: {model: '^gpt'}", "match.model: in '^gpt', * and ? alone are wild"),
        ("allow: 8 requests / hour, burst: 8", "burst: all that is allowed may come at once in any case"),
        ("allow: 2000 tokens / hour", "allow: each takes all of this rate: a call reserves 2048 tokens"),
        ("allow: 8 at once, then: [block, wait 3s]", "then[1]: block refuses the call: nothing that follows"),
        ("allow: 8 at once, then: [wait 6m]", "then[0]: most clients give up sooner: wait 6m is longer"),
        ("allow: 8 at once, then: [{route: r}]", "then[0]: the rate is for every model: wherever"),
    ],
)
def test_it_is_told(entry: str, told: str) -> None:
    (found,) = [one for one in doubts(entry) if "`identity` gives no call" not in one]

    assert found.startswith(f"rates[0].{told}")


@pytest.mark.parametrize(
    "entry",
    [
        "allow: 8 at once, then: [wait 3s, block]",
        "allow: 8 requests / hour, burst: 2, match: {provider: openai}",
        "allow: 2000 output tokens / hour",
        "allow: 2000 tokens / hour, match: {operation: embeddings}",
        "allow: 8 at once, match: {model: 'gpt-*'}, then: [{route: r}]",
        "allow: 8 at once, per: model, then: [{route: r}]",
    ],
)
def test_what_may_be_meant_is_not(entry: str) -> None:
    assert doubts(entry) == []
