"""`tollway explain`: what a policy makes of a call, without making one."""

import json
import sys
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

import click

from tollway import clock
from tollway.budget.attributes import Value
from tollway.cli.options import Parsed, tag_option
from tollway.cli.text_or_json import text_or_json
from tollway.decision import setting
from tollway.decision.call import Call
from tollway.decision.decide import decide
from tollway.decision.said import asks_for_provider, caller_in, whom
from tollway.decision.setting import Setting
from tollway.decision.shown import as_json, as_text
from tollway.policy.load import placed
from tollway.policy.pattern import check_attribute
from tollway.policy.schema import Policy
from tollway.policy_file import text_of
from tollway.providers.load import load as load_providers


def parse_claim(text: str) -> tuple[str, str]:
    """`NAME=VALUE`, the name as a policy's `claims` has it. Raises ValueError."""
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    return check_attribute(f"claim.{name}"), value


def filled(text: str) -> str:
    """A text that is not empty. Raises ValueError."""
    if not text.strip():
        raise ValueError("is empty: leave it out, if the call lacks it")
    return text


def parse_model(text: str) -> str:
    """`gpt-5`, or with its provider in front. Raises ValueError."""
    if not all(part.strip() for part in filled(text).split("/")):
        raise ValueError(f"write a model as gpt-5 or openai/gpt-5, not {text!r}")
    return text


TEXT, MODEL = Parsed("TEXT", filled), Parsed("TEXT", parse_model)


@click.command()
@click.argument("policy", metavar="POLICY", type=click.Path(path_type=Path))
@click.option("--user", type=TEXT, help="Who calls.")
@click.option("--team", type=TEXT, help="The caller's team.")
@click.option("--role", type=TEXT, help="The caller's role.")
@click.option(
    "--group", "groups", type=TEXT, multiple=True, help="May be repeated; ? for more than a token can say."
)
@click.option("--service", type=TEXT, help="The service that calls, where it is no person.")
@click.option(
    "--claim", "claims", type=Parsed("NAME=VALUE", parse_claim), multiple=True, help="May be repeated."
)
@click.option(
    "--network",
    type=TEXT,
    help="The policy's network that the client is in, or its address: who that is, unless you say otherwise.",
)
@click.option("--program", type=TEXT, help="The client's program.")
@click.option("--session", type=TEXT, help="The conversation, by its id.")
@tag_option
@click.option(
    "--provider",
    type=TEXT,
    help="Whom it goes to. [default: what the first model has in front, as openai/gpt-5]",
)
@click.option(
    "--model",
    "models",
    type=MODEL,
    multiple=True,
    help="May be repeated: the provider may choose among them.",
)
@click.option("--operation", default="chat", show_default=True, help="What is called: chat, embeddings ...")
@click.option("--route", "wish", type=TEXT, help="The route that it asks for, with x-tollway-route.")
@click.option(
    "--set",
    "settings",
    type=Parsed("NAME=VALUE", setting.parse),
    multiple=True,
    help="budget.left=0.10, budget.left.LIMIT=0.10, time=23:00, day=sat, size=120000 (bytes), stream=true, "
    "tools=true or images=true. May be repeated.",
)
@text_or_json
def command(
    policy: Path,
    groups: tuple[str, ...],
    claims: tuple[tuple[str, str], ...],
    tags: tuple[tuple[str, str], ...],
    network: str | None,
    provider: str | None,
    models: tuple[str, ...],
    operation: str,
    wish: str | None,
    settings: tuple[Setting, ...],
    style: str,
    **known: str | None,
) -> None:
    """Say what POLICY makes of a call: whether it is allowed and by which rule, which routes it takes and
    why, which limits it meets there, and what those do; which guardrails are about it, and whether its
    texts are kept.

    What is not given, the call lacks; a call without a model leaves that to the provider. It comes now, and
    all of its budgets is left, unless you --set it otherwise; budget.left is that of each limit that is not
    named itself. What is not asked: whether a caller is known at all (`identity`), whether there is a key
    for where it goes (`credentials`), whether its request can be moved (its format, what it has that is one
    provider's, a signature), which target rests after failures, and where its conversation has a prompt
    cache. Of models that are known to take no tools or images, or to read less than its size in text, it is
    told. Exit status 0: it is allowed; 1: denied; 2: wrong use, or a policy with mistakes.
    """
    rules, places = placed(text_of(policy), str(policy))
    registry = load_providers(rules.provider_rows())
    names = {one.row.name for one in registry.providers}
    provider, models = whom(names, provider, models)
    if provider is not None:
        _check("provider", provider, names)
    elif asks_for_provider(rules) or (rules.routes and models):
        if models and "/" in models[0]:
            _check("provider", models[0].partition("/")[0], names)
        raise click.UsageError(
            "the policy asks for the provider: name it with --provider, or as provider/model"
        )
    _check("operation", operation, registry.operations())
    attributes: Mapping[str, Value] = {
        **(_caller(rules, network) if network is not None else {}),
        **{name: value for name, value in known.items() if value is not None},
        **({"group": groups} if groups else {}),
        "provider": provider,
        "operation": operation,
        **dict(claims),
        **{f"tag.{key}": value for key, value in tags},
    }
    for name, _ in settings:
        if limit := setting.limit_of(name):
            _check("limit", limit, [entry.name for entry in rules.limits], "'--set'")
    now = clock.utc(clock.now()).astimezone(rules.zone)
    call = Call(attributes=attributes, models=models, wish=wish, **setting.known(settings, now))
    found = decide(rules, call, lambda way: places[way][0], registry)
    lines = {i: places["access", i][0] for i in range(len(rules.access))}
    if style == "json":
        click.echo(json.dumps(as_json(found, call, lines), indent=2))
    else:
        click.echo(as_text(found, call, str(policy), lines))
    sys.exit(0 if found.is_allowed else 1)


def _caller(policy: Policy, network: str) -> Mapping[str, Value]:
    found = caller_in(policy, network)
    if found is None:
        _check("network", network, [str(one) for source in policy.identity for one in source.networks or {}])
    return found or {}


def _check(kind: str, value: str, known: Collection[str], option: str = "") -> None:
    if value not in known:
        near = get_close_matches(value, known, n=1)
        hint = f": did you mean {near[0]}?" if near else "" if known else ": there are none"
        raise click.BadParameter(f"no {kind} is called {value!r}{hint}", param_hint=option or f"--{kind}")
