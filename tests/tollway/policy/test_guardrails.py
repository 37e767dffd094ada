"""The section `guardrails` of a policy."""

import pytest

from tests.tollway.policy.written import policy
from tollway.errors import PolicyError
from tollway.guardrails.allowed import Allowance, How


def test_nothing_is_looked_for_unless_a_policy_says_so() -> None:
    assert policy("").guardrails == ()


def test_an_entry_says_what_to_find_and_what_to_do() -> None:
    """Then it is for every request, flags what only looks like one, and pictures."""
    (entry,) = policy("guardrails: [{find: secrets, do: block}]").guardrails

    assert (entry.name, entry.find, entry.match, entry.in_) == (None, ("secrets",), {}, "request")
    assert (entry.do, entry.generic, entry.unscanned, entry.at_least) == ("block", "flag", "flag", 1)
    assert (entry.restore, entry.never_into, entry.shadow, entry.allow) == (False, (), False, ())


def test_an_entry_may_say_everything() -> None:
    (entry,) = policy(
        "guardrails: [{name: home, find: [card, email], words: bluebird, patterns: ['SEC-[0-9]{5}'],"
        " in: both, match: {team: research}, do: redact, generic: ignore, at_least: {email: 5, home: 2},"
        " allow: ['*@firma.de', {exact: a*}, {re2: 'x+'}, {hash: '" + "0" * 32 + "'}],"
        " unscanned: block, restore: true, never_into: 'web_*', shadow: true}]"
    ).guardrails

    assert (entry.find, entry.words, entry.patterns) == (("card", "email"), ("bluebird",), ("SEC-[0-9]{5}",))
    assert (entry.at_least, entry.never_into) == ({"email": 5, "home": 2}, ("web_*",))
    assert entry.allow == (
        Allowance(How.GLOB, "*@firma.de"),
        Allowance(How.EXACT, "a*"),
        Allowance(How.RE2, "x+"),
        Allowance(How.HASH, "0" * 32),
    )


def test_one_value_that_passes_needs_no_list() -> None:
    (entry,) = policy("guardrails: [{find: email, do: flag, allow: {exact: a@b.de}}]").guardrails

    assert entry.allow == (Allowance(How.EXACT, "a@b.de"),)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("{do: block}", "guardrails[0]: write what to look for: find, words or patterns"),
        ("{find: secrets}", "guardrails[0].do: is missing"),
        ("{find: secrets, do: mask}", "guardrails[0].do: must be flag, redact or block"),
        (
            "{find: secrts, do: flag}",
            "guardrails[0].find: nothing here finds 'secrts': did you mean secrets?",
        ),
        ("{find: [card, crd], do: flag}", "guardrails[0].find[1]: nothing here finds 'crd'"),
        ("{words: [ab], do: flag}", "guardrails[0]: words and patterns need a name"),
        ("{name: x, words: [a], do: flag}", "guardrails[0].words[0]: write a word of 2 to 200 characters"),
        ("{name: x, patterns: ['('], do: flag}", "guardrails[0].patterns[0]: RE2 does not take '('"),
        ("{name: x, patterns: ['a*'], do: flag}", "guardrails[0].patterns[0]: 'a*' matches where nothing is"),
        ("{find: card, do: flag, at_least: 0}", "guardrails[0].at_least: must be"),
        ("{find: card, do: flag, at_least: {crd: 2}}", "guardrails[0]: nothing here finds 'crd'"),
        ("{find: card, do: flag, allow: [{glob: 1}]}", "guardrails[0].allow[0]: write text with * and ?"),
        ("{find: card, do: flag, allow: ['']}", "guardrails[0].allow[0]: write text with * and ?"),
        ("{find: card, do: flag, allow: {re2: '('}}", "guardrails[0].allow: RE2 does not take '('"),
        ("{find: card, do: flag, allow: {hash: ab}}", "guardrails[0].allow: a hash has 32 hexadecimal"),
        ("{find: card, do: flag, restore: true}", "guardrails[0]: restore puts back what was redacted"),
        (
            "{find: card, do: redact, in: response, restore: true}",
            "guardrails[0]: restore puts back what was redacted of requests",
        ),
        ("{find: card, do: redact, never_into: [x]}", "guardrails[0]: never_into is about what restore"),
        ("{find: card, do: flag, in: answers}", "guardrails[0].in: must be request, response or both"),
        (
            "{name: a, find: card, do: flag}, {name: a, find: card, do: flag}",
            "guardrails[1].name: a stands twice: it is the name of guardrails[0], too",
        ),
    ],
)
def test_what_an_entry_can_not_say_is_told(entries: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(f"guardrails: [{entries}]")

    assert said in str(caught.value)
