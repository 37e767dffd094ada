"""Other names that the same model may go by, tried only after an exact miss."""

import re
from collections.abc import Iterator

MAX_NAME = 256
"""A longer name is no model's: only its beginning is looked at."""

RULES = (
    # arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-..., ...:inference-profile/us.anthropic...;
    # an application's own profile has a name that says nothing
    ("arn", re.compile(r"^arn:[^/]*:(?:foundation-model|inference-profile)/(?=.)"), ""),
    # models/gemini-2.5-pro, publishers/google/models/..., projects/p/locations/l/publishers/...
    ("path", re.compile(r"^(?:.*/)?(?:models|deployments)/(?=.)"), ""),
    # ft:gpt-4.1-mini-2025-04-14:org:name:id
    ("fine-tuned", re.compile(r"^ft:([^:]+):.*$"), r"\1"),
    # claude-opus-5[1m]: Claude Code's way to ask for the long context
    ("window", re.compile(r"\[\d+[km]\]$"), ""),
    # openai/gpt-5:online: a router's variants at the model's own price; `:free` is not one
    ("variant", re.compile(r":(?:online|nitro|floor|exacto|extended|beta|thinking|fastest|cheapest)$"), ""),
    ("vendor", re.compile(r"^(?!arn:)[^/]+/(?=.)"), ""),
    # us-gov.anthropic.claude-opus-5: Bedrock's profiles, which the list has for some regions of each model
    ("profile", re.compile(r"^(?:us|us-gov|eu|apac|ap|jp|au|ca|in|sa|me|af|global)\.(?=[a-z0-9-]+\.)"), ""),
    # -2026-04-01, -20260401, @20260401, -04-2026, -04-01, -0401, -001, @default
    (
        "date-suffix",
        re.compile(r"(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-\d{2}-\d{4}|-\d{2}-\d{2}|-\d{4}|[-@]00\d|@default)$"),
        "",
    ),
    ("latest", re.compile(r"-latest$"), ""),
)
"""Each rule's name, what it finds in a name, and what it leaves of that."""


def spellings(model: str) -> Iterator[tuple[str, str]]:
    """The model's name in lower case, then what is left as one rule after another strips something.

    Each comes with the rules that fired, "" for the name itself.
    """
    name, fired = model[:MAX_NAME].lower().strip(), ""
    yield name, fired
    for rule, pattern, left in RULES:
        shorter = pattern.sub(left, name, count=1)
        if shorter != name and shorter:
            name, fired = shorter, f"{fired},{rule}".lstrip(",")
            yield name, fired
