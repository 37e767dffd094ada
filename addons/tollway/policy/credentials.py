"""Whose credential providers get: the section `credentials` of a policy."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from tollway.providers.schema import Strict

_VARIABLE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,127}")


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):  # which is not repeated: it may be the secret itself
        raise ValueError("name an environment variable, as env:OPENAI_API_KEY: no key stands in a policy")
    return value


def _spelled_out(value: Any) -> Any:
    """`passthrough` is short for a credential that is the caller's own."""
    if value is None or (isinstance(value, str) and value != "passthrough"):
        raise ValueError("write passthrough, or {inject: env:VARIABLE}: no key stands in a policy")
    return {} if value == "passthrough" else value


class Credential(Strict):
    """Whose credential a provider gets."""

    inject: Annotated[str, AfterValidator(_variable)] | None = None
    """`env:VARIABLE`: the one in this variable; None: the caller's own."""


Credentials = dict[str, Annotated[Credential, BeforeValidator(_spelled_out, Credential | str)]]
"""By provider."""
