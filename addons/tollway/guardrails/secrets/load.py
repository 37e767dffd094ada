"""The rules of the package."""

from functools import cache
from importlib import resources

import msgspec
import yaml

from tollway.guardrails.secrets.pack import Pack
from tollway.guardrails.secrets.rule import Document, Rule


@cache
def rules() -> tuple[Rule, ...]:
    """`rules.yaml`."""
    text = resources.files(__package__).joinpath("rules.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return msgspec.convert(document, Document).rules


@cache
def pack() -> Pack:
    """All of them."""
    return Pack(rules())
