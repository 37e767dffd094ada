"""Kingfisher's names of rules, and our names of kinds."""

import re
from functools import cache
from importlib import resources

import msgspec
import yaml

_AROUND = re.compile(r"^(?:betterleaks\.|veles\.secrets/)|\.[0-9]+$")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kingfisher.yaml`."""

    kinds: dict[str, list[str]]
    left_out: frozenset[str]
    public: frozenset[str]


class Kinds:
    """What a rule finds."""

    def __init__(self, kinds: dict[str, list[str]], passed_over: frozenset[str]) -> None:
        self.passed_over = passed_over
        """Rules that find no secret, but what comes with one, or what ours find better."""
        self.named = {rule: kind for kind, rules in kinds.items() for rule in rules}

    def of(self, rule: str) -> str:
        """`betterleaks.abuseipdb-api-key.1` is `abuseipdb_api_key`, unless our own rules have a name."""
        return self.named.get(rule) or re.sub(r"[^a-z0-9]+", "_", _AROUND.sub("", rule).lower())


@cache
def kinds() -> Kinds:
    """Those of the package's table."""
    text = resources.files(__package__).joinpath("kingfisher.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    table = msgspec.convert(document, _Table)
    return Kinds(table.kinds, table.left_out | table.public)
