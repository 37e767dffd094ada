"""Values that a guardrail lets pass, as a policy writes them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from tollway.guardrails import allowed
from tollway.guardrails.allowed import Allowance, How

FORM = 'text with * and ? as wild, or one of {exact: text}, {re2: "pattern"} and {hash: "digits"}'
LONGEST = 4_096


def parse(value: Any) -> Allowance:
    """What a value says. Raises ValueError."""
    if isinstance(value, Allowance):
        return value
    how, text = (
        next(iter(value.items())) if isinstance(value, Mapping) and len(value) == 1 else ("glob", value)
    )
    if how not in [each.value for each in How] or not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        raise ValueError(f"write {FORM}")
    found = Allowance(How(how), text)
    allowed.check(found)
    return found


def one_or_several(value: Any) -> Any:
    """A list of them; one may stand alone."""
    return [value] if isinstance(value, str | Mapping) else value


def written(allowance: Allowance) -> Any:
    """As a policy has it."""
    return allowance.text if allowance.how is How.GLOB else {allowance.how.value: allowance.text}


AllowanceText = Annotated[
    InstanceOf[Allowance],
    BeforeValidator(parse),
    PlainSerializer(written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {how.value: {"type": "string", "minLength": 1} for how in How},
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""A field of a policy that holds one."""
