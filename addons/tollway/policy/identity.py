"""How callers are known: the sections `identity`, `claims` and `anonymous` of a policy."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from tollway.budget.attributes import NAMES
from tollway.identity.claims import Claim, parse
from tollway.identity.discovery import is_safe
from tollway.policy.beside import FileText, beside
from tollway.policy.network import NetworkText
from tollway.policy.several import one_or_several
from tollway.providers.schema import Strict

Who = Annotated[str, StringConstraints(min_length=1, max_length=256)]
OWN_CLAIM = re.compile(r"[a-z][a-z0-9_]{0,31}")
TAKEN = frozenset(NAMES) - {"user", "team", "role", "service"}
"""Attributes of a call that are not its bearer's."""
HINTED = ("user", "team")
"""What a token may say that nobody checked; rights hang on the others."""
OWN_HEADERS = ("x-tollway-", "proxy-authorization")
"""Those are taken off before: tokens in the second are for `proxy_jwt`."""
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:  # pydantic's own `min_length` also counts those that are wrong as missing
        raise ValueError("must not be empty")
    return values


def _issuer(value: str) -> str:
    if not is_safe(value):
        raise ValueError(f"write the issuer as its tokens have it in `iss`, an https URL, not {value[:80]!r}")
    if "/.well-known/" in value:
        raise ValueError("write the issuer as its tokens have it in `iss`: its document is found from there")
    return value


def _jwks(value: str, info: ValidationInfo) -> str:
    if "://" not in value:
        return beside(value, info)
    if not is_safe(value):
        raise ValueError("keys are taken by https only (http from this machine), or from a file")
    return value


def _header(value: str) -> str:
    if not _HEADER.fullmatch(value):
        raise ValueError(f"{value[:80]!r} is no name of a header")
    if value.lower().startswith(OWN_HEADERS):
        raise ValueError(f"{value!r} is read by Tollway for itself: take another name, X-Caller-Token")
    return value.lower()


def _claim(value: Any) -> Claim:
    """`groups[0]`, or `{claim: groups[0], strip: team-}`."""
    said = {"claim": value} if isinstance(value, str) else value
    if not isinstance(said, dict) or not {"claim"} <= set(said) <= {"claim", "strip"}:
        raise ValueError("write the claim's name, or {claim: NAME, strip: PREFIX}")
    if not all(isinstance(text, str) for text in said.values()):
        raise ValueError("names of claims, and prefixes, are text")
    return parse(said["claim"], said.get("strip", ""))


def _on(value: bool) -> bool:
    if not value:
        raise ValueError("leave the entry out where no such keys are taken")
    return value


def _hints(value: dict[str, Claim]) -> dict[str, Claim]:
    if wrong := sorted(value.keys() - HINTED):
        raise ValueError(
            f"whoever calls can say what they like in such a token, so it gives {' and '.join(HINTED)} "
            f"alone, not {wrong[0]}"
        )
    return value


def _named(value: str) -> str:
    if not OWN_CLAIM.fullmatch(value):
        raise ValueError(f"write a name in a-z, 0-9 and _, 32 at most, a letter first, not {value[:64]!r}")
    if value == "group":
        raise ValueError("write groups: a caller may be in several")
    if value in TAKEN:
        raise ValueError(f"{value} is an attribute of calls, which no token gives")
    return value


HeaderName = Annotated[str, AfterValidator(_header)]
"""In lower case."""
ClaimText = Annotated[
    InstanceOf[Claim],
    BeforeValidator(_claim),
    PlainSerializer(lambda claim: repr(claim)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"claim": {"type": "string"}, "strip": {"type": "string"}},
                    "required": ["claim"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
Claims = dict[Annotated[str, AfterValidator(_named)], ClaimText]
"""By the policy's names: user, team, role, service, groups, and others, which are `claim.NAME` elsewhere."""


Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class Caller(Strict):
    """Who calls from a network."""

    service: Who | None = None
    user: Who | None = None
    team: Who | None = None
    role: Who | None = None
    groups: Annotated[tuple[Who, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if self == Caller.model_construct():
            raise ValueError("say who calls from there: service, user, team, role or groups")
        return self


class _Tokens(Strict):
    """Tokens of one issuer."""

    issuer: Annotated[str, AfterValidator(_issuer)]
    """As the tokens have it in `iss`, to the character."""
    audience: Annotated[
        tuple[Who, ...],
        BeforeValidator(one_or_several, json_schema_input_type=str | list[str]),
        Field(strict=False),
        AfterValidator(_some),
    ]
    """One of them must be in a token's `aud`."""
    jwks: Annotated[str, AfterValidator(_jwks)] | None = None
    """Where its keys are: a URL or a file; None: as its discovery document says."""
    algorithms: Annotated[tuple[Algorithm, ...], Field(strict=False), AfterValidator(_some)] = (
        "RS256",
        "ES256",
    )
    claims: Claims | None = None
    """Names of its own, in the place of the policy's `claims`."""


class ProxyTokens(_Tokens):
    """Tokens that clients show to the proxy: HTTPS_PROXY=http://jwt:TOKEN@proxy:8080."""

    challenge: bool = False
    """Ask a client for a token that shows none (407), as Java's need it. Where it is the only source, and
    nobody may call without a name, it is asked for anyway."""


class HeaderTokens(_Tokens):
    """Tokens that a gateway, or the client, puts into a header; they go no further than here."""

    header: HeaderName


class HintTokens(Strict):
    """Tokens that clients show to providers: what they say is not checked, and is a hint."""

    issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    """Only tokens that say that they are of this issuer; None: of any."""
    claims: Annotated[Claims, AfterValidator(_hints)]


class KeyFile(Strict):
    """Callers by the fingerprints of the keys that they show to providers."""

    file: FileText


class Source(Strict):
    """One way to know who calls."""

    proxy_jwt: ProxyTokens | None = None
    header_jwt: HeaderTokens | None = None
    virtual_keys: Annotated[bool, AfterValidator(_on)] | None = None
    """Keys that `tollway key create` gave out."""
    api_keys: KeyFile | None = None
    provider_token: HintTokens | None = None
    networks: dict[NetworkText, Caller] | None = Field(default=None, min_length=1)
    """Of those that an address is in, the smallest holds."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"an entry names one source: {', '.join(type(self).model_fields)}")
        return self
