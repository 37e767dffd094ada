"""Whose credential providers get: the section `credentials` of a policy."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from tollway.policy.beside import beside
from tollway.policy.identity import HeaderName
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.providers.schema import Strict

_SOURCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,127}|(?:file|command):\S.*", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_FORM = "env:VARIABLE, file:PATH or command:WORDS"
_SIGNS = frozenset({"env:AWS_ACCESS_KEY_ID", "env:AWS_SECRET_ACCESS_KEY", "env:AWS_SESSION_TOKEN"})
_READ = frozenset({"model", "session"})
"""Attributes that only the body tells, which is read after a key was put."""


def _source(value: str, info: ValidationInfo) -> str:
    if not _SOURCE.fullmatch(value):  # which is not repeated: it may be the secret itself
        raise ValueError(f"say where the key is, as {_FORM}: no key stands in a policy")
    if value in _SIGNS:
        raise ValueError(
            "requests can't be signed in their caller's place: name a Bedrock API key, as "
            "env:AWS_BEARER_TOKEN_BEDROCK"
        )
    kind, _, name = value.partition(":")
    return f"file:{beside(name, info)}" if kind == "file" else value


def _known_by_then(value: str) -> str:
    if value in _READ:
        raise ValueError(f"a key is put before the body is read, which tells the {value}")
    return value


def _spelled_out(value: Any) -> Any:
    """`passthrough` is short for a credential that is the caller's own, and one entry for a list of one."""
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ValueError("must not be empty")
    for entry in entries:
        if not isinstance(entry, dict) and entry != "passthrough":
            raise ValueError(f"write passthrough, or {{inject: {_FORM}}}: no key stands in a policy")
    return [{"passthrough": True} if entry == "passthrough" else entry for entry in entries]


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError(f"write the name of a host, as contoso.openai.azure.com, not {value[:80]!r}")
    return value.lower()


HostName = Annotated[str, AfterValidator(_host)]


class Credential(Strict):
    """Whose credential a provider gets, from whom."""

    match: dict[Annotated[AttributeName, AfterValidator(_known_by_then)], ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    inject: Annotated[str, AfterValidator(_source)] | None = None
    """`env:VARIABLE`, `file:PATH` or `command:WORDS`: where the key is that is put."""
    passthrough: bool = False
    """The caller's own goes on."""
    hosts: Annotated[tuple[HostName, ...], Field(strict=False)] = ()
    """Where the key may go; empty: to the provider's hosts, but none whose name a customer of it chose."""
    header: HeaderName | None = None
    """The header that takes the key, `authorization` as a bearer; None: as the provider's row says."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.inject is None) is not self.passthrough:
            raise ValueError("say either inject or passthrough: true")
        return self


Credentials = dict[
    str,
    Annotated[
        tuple[Credential, ...],
        BeforeValidator(_spelled_out, json_schema_input_type=Credential | list[Credential | str] | str),
        Field(strict=False),
    ],
]
"""By provider: the first entry that matches a call holds; where none does, the caller's own goes on."""
