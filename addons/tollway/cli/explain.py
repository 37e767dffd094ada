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
from tollway.decision import setting
from tollway.decision.call import Call
from tollway.decision.decide import decide
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


@click.command()
@click.argument("policy", metavar="POLICY", type=click.Path(path_type=Path))
@click.option("--user", help="Who calls.")
@click.option("--team")
@click.option("--role")
@click.option("--group", "groups", multiple=True, help="May be repeated; ? for more than a token can say.")
@click.option("--service")
@click.option(
    "--claim", "claims", type=Parsed("NAME=VALUE", parse_claim), multiple=True, help="May be repeated."
)
@click.option(
    "--network", help="The policy's network that the client is in: who that is, unless you say otherwise."
)
@click.option("--program", help="The client's program.")
@click.option("--session")
@tag_option
@click.option(
    "--provider", help="Whom it goes to. [default: what the first model has in front, as openai/gpt-5]"
)
@click.option("--model", "models", multiple=True, help="May be repeated: the provider may choose among them.")
@click.option("--operation", default="chat", show_default=True)
@click.option("--route", "wish", help="The route that it asks for, with x-tollway-route.")
@click.option(
    "--set",
    "settings",
    type=Parsed("NAME=VALUE", setting.parse),
    multiple=True,
    help="budget.left=0.10, budget.left.LIMIT=0.10, time=23:00, day=sat, size=120000 (bytes), stream=true, "
    "tools=true or images=true. May be repeated.",
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    policy: Path,
    groups: tuple[str, ...],
    claims: tuple[tuple[str, str], ...],
    tags: tuple[tuple[str, str], ...],
    provider: str | None,
    models: tuple[str, ...],
    operation: str,
    wish: str | None,
    settings: tuple[Setting, ...],
    style: str,
    **known: str | None,
) -> None:
    """Say what POLICY makes of a call: whether it is allowed and by which rule, which routes it takes and
    why, which limits it meets there, and what those do.

    What is not given, the call lacks; a call without a model leaves that to the provider. It comes now, and
    all of its budgets is left, unless you --set it otherwise; budget.left is that of each limit that is not
    named itself. What is not asked: whether a caller is known at all (`identity`), which key a call gets
    (`credentials`), and whether a request can be moved (its format, its size). Exit status 0: it is allowed;
    1: denied.
    """
    rules, places = placed(text_of(policy), str(policy))
    registry = load_providers(rules.provider_rows())
    names = {one.row.name for one in registry.providers}
    provider, models = whom(names, provider, models)
    if provider is not None:
        _check("provider", provider, names)
    elif asks_for_provider(rules) or (rules.routes and models):
        raise click.UsageError(
            "the policy asks for the provider: name it with --provider, or as provider/model"
        )
    _check("operation", operation, registry.operations())
    attributes: Mapping[str, Value] = {
        **of_network(rules, known["network"]),
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


def of_network(policy: Policy, network: str | None) -> dict[str, Value]:
    """Who calls from a network, by the first source of the policy that has it."""
    for source in policy.identity:
        for known, caller in (source.networks or {}).items():
            if str(known) == network:
                names = ("user", "team", "role", "service")
                return {**{name: getattr(caller, name) for name in names}, "group": caller.groups or None}
    return {}


def whom(
    names: Collection[str], provider: str | None, models: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """The provider, and the models as it is asked for them. `names`: of all providers."""
    if provider is None and models:
        first, _, rest = models[0].partition("/")
        if rest and first in names:
            return first, (rest, *models[1:])
    return provider, models


def asks_for_provider(policy: Policy) -> bool:
    """Whether a rule or a limit goes by it."""
    matches = [match for rule in policy.access for match in (rule.match, rule.unless or {})]
    matches += [limit.match for limit in policy.limits]
    return any("provider" in match for match in matches)


def _check(kind: str, value: str, known: Collection[str], option: str = "") -> None:
    if value not in known:
        near = get_close_matches(value, known, n=1)
        hint = f": did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"no {kind} is called {value!r}{hint}", param_hint=option or f"--{kind}")
