"""Whether a condition is met, for certain or possibly."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from genai_prices.data import providers

from tollway.access.condition import UNKNOWN, WAIVED, Met, Names, judge
from tollway.access.seen import Model, Seen, Unread
from tollway.access.spelling import nameless, spelled
from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.pattern import parse

YES, NO = Met(surely=True, possibly=True), Met(surely=False, possibly=False)
MAYBE = UNKNOWN


def met(
    name: str,
    said: Any,
    attributes: Mapping[str, Value] | None = None,
    model: Model = None,
    operation: Unread | None = None,
) -> Met:
    """How far a call meets what is said of an attribute."""
    return judge(name, parse(said))(Seen({"provider": "anthropic", **(attributes or {})}, model, operation))


@pytest.mark.parametrize(
    ("said", "model", "expected"),
    [
        ("claude-opus-4-8", "us.anthropic.claude-opus-4-8-v1:0", YES),
        ("us.anthropic.claude-opus-4-8-v1:0", "claude-opus-4-8", YES),
        ("anthropic/claude-opus-4-8", "claude-opus-4-8", YES),
        ("anthropic/claude-opus-4.8", "anthropic/claude-4.8-opus-20260528", YES),
        ("claude-opus-4-8", "claude-haiku-4-5", NO),
        ("*opus*", "anthropic/claude-opus-4.8", YES),
        ("claude-opus-4-*", "anthropic/claude-opus-4.8", YES),
        ("claude-opus-4.*", "claude-opus-4-8", YES),
        ("anthropic/*", "claude-opus-4-8", YES),
        ("openai/*", "claude-opus-4-8", NO),
        # a maker of another name, who may have the same model
        ("deepseek/deepseek-r1", "deepseek-ai/DeepSeek-R1", MAYBE),
        # a date is a part of what a rule says
        ("gpt-4-0613", "gpt-4-0613", YES),
        ("gpt-4-0613", "gpt-4", MAYBE),
        ("gpt-4-0613", "gpt-4-0314", NO),
        ("gpt-4", "gpt-4-0613", YES),
        ("claude-opus-4-8", "databricks-claude-opus-4-8", MAYBE),
        ("gpt-5.1", "databricks-gpt-5-1", MAYBE),
        # what a caller may put around a name is nothing that a pattern goes by
        ("*haiku*", "claude-opus-4-8:haiku", MAYBE),
        ("*mini*", "ft:gpt-5-pro:org:mini:id", MAYBE),
        ("*haiku*", "haiku/claude-opus-4-8", MAYBE),
        ("*haiku*", "anthropic/claude-haiku-4.5:nitro", YES),
        ("ft:gpt-4o:org:*", "ft:gpt-4o:org:mini:id", YES),
        ("openai/gpt-oss-*", "openai/gpt-oss-120b:groq", YES),
        # a name without a version may be any version
        ("claude-opus-4-8", "~anthropic/claude-opus-latest", MAYBE),
        ("us.anthropic.claude-opus-4-8-v1:0", "claude-opus-latest", MAYBE),
        ("claude-opus-4-*", "claude-opus-latest", MAYBE),
        ("gemini-3*", "gemini-flash-latest", MAYBE),
        ("gemini-3.6-flash", "gemini-flash-latest", MAYBE),
        ("gemini-3.6-flash", "gemini-pro-latest", NO),
        ("*4*", "gemini-pro-latest", NO),
        ("mistral-large-latest", "mistral-large-latest", YES),
        ("*", "gpt-5", YES),
        ({"not": "*"}, "gpt-5", NO),
        ({"not": "claude-haiku-4-5"}, "claude-opus-4-8", YES),
        ({"not": "claude-haiku-4-5"}, "claude-haiku-4-5-20251001", NO),
        ({"not": "claude-opus-4-8"}, "databricks-claude-opus-4-8", MAYBE),
    ],
)
def test_a_condition_on_models_holds_for_all_names_of_a_model(said: Any, model: str, expected: Met) -> None:
    assert met("model", said, model=spelled(model)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("claude-opus-4-8", MAYBE),
        ({"not": "claude-opus-4-8"}, MAYBE),
        ("agent-7", YES),
        ("agent-*", YES),
        ("*", YES),
    ],
)
def test_a_name_that_tells_no_model_may_be_any(said: Any, expected: Met) -> None:
    assert met("model", said, model=nameless("agent-7")) == expected


@pytest.mark.parametrize("said", ["gpt-5", "*", {"not": "gpt-5"}, {"not": "*"}])
def test_a_model_that_nobody_read_may_be_any_or_is_nobodys_concern(said: Any) -> None:
    assert met("model", said, model=Unread.UNKNOWN) == UNKNOWN
    assert met("model", said, model=Unread.WAIVED) == WAIVED


def test_a_call_without_a_model_meets_what_is_said_of_none() -> None:
    assert met("model", "*") == NO
    assert met("model", {"not": "*"}) == YES


@pytest.mark.parametrize("said", ["contractors", {"not": "contractors"}, "*", {"not": "*"}])
def test_groups_that_nobody_knows_may_be_any(said: Any) -> None:
    assert met("group", said, {"group": UNKNOWN_GROUPS}) == UNKNOWN


def test_other_attributes_are_known() -> None:
    assert met("group", "a", {"group": ("a", "b")}) == YES
    assert met("role", "intern", {"role": "senior"}) == NO
    assert met("tag.project", {"not": "*"}) == YES
    assert met("operation", "chat", {"operation": "chat"}) == YES


def test_an_operation_that_nobody_knows_may_be_any_but_is_called_unknown() -> None:
    known = {"operation": "unknown"}

    assert met("operation", "chat", known, operation=Unread.UNKNOWN) == UNKNOWN
    assert met("operation", {"not": "chat"}, known, operation=Unread.UNKNOWN) == UNKNOWN
    assert met("operation", "chat", known, operation=Unread.WAIVED) == WAIVED
    assert met("operation", "unknown", known, operation=Unread.UNKNOWN) == YES


@pytest.mark.parametrize(
    ("model", "form"),
    [
        ("claude-opus-4-8", r"opus.*4[-.]?8|4[-.]?8.*opus"),
        ("claude-opus-4-5", r"opus.*4[-.]5|4[-.]5.*opus"),
        ("claude-3-5-haiku", r"3[-.]5.*haiku|haiku.*3[-.]5"),
        ("gpt-5-pro", r"gpt-5-pro"),
        ("gpt-oss-120b", r"gpt-oss.*120b"),
        ("deepseek-v3.2", r"deepseek.*v3[p.-]2"),
    ],
)
def test_under_whatever_name_a_model_is_listed_it_is_denied(model: str, form: str) -> None:
    """Names of all price lists: of those who made it, of hosts, of routers."""
    names = Names((model,))
    listed = [(each.id, info.id) for each in providers for info in each.models]
    own = [(list, name) for list, name in listed if re.search(form, name, re.IGNORECASE)]

    assert own
    assert [name for list, name in own if not names.of(spelled(name), list).possibly] == []


@pytest.mark.parametrize("list", ["anthropic", "google", "x-ai", "groq", "deepseek"])
def test_a_listed_model_is_denied_with_no_other_but_its_preview(list: str) -> None:
    (models,) = ([info.id for info in each.models] for each in providers if each.id == list)
    denied = [
        (name, other)
        for name in models
        for other in models
        if plain(name) != plain(other) and Names((name,)).of(spelled(other), list).possibly
    ]

    assert denied == []


def plain(name: str) -> str:
    """A name without the mark of a preview."""
    return re.sub(r"-(preview|exp)\b", "", name)
