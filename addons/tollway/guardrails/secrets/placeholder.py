"""Values that stand for a secret and are none: `${TOKEN}`, `<your-key>`, `changeme`, `xxxx`."""

import re
from collections import Counter
from operator import sub

_TEMPLATE = re.compile(
    r"\$\{?\(?[A-Za-z_][\w.:-]*\)?\}?"  # ${VAR}, $VAR, $(command
    r"|\{\{.*|\{[\w.:!()\[\]]*\}|<.*|\[[^\]]*\]"  # {{var}}, {name}, {made(12)}, <token>, [key]
    r"|%[A-Za-z_]\w*%|%\(?\w*\)?[srd]|#\{.*|@[A-Z_.]+@|__[A-Z_]+__"  # %VAR%, %(x)s, #{var}, @VAR@, __VAR__
)
_INSIDE = re.compile(
    r"\$\{\w|\{\{|\{(?!s?sha[0-9]*\})[a-z_]\w*\}|<[a-z][\w -]*>"  # {SSHA} is how a hash was made
    r"|os\.environ|process\.env|getenv|import\.meta|secrets\.|vault:|op://|ssm:|arn:aws",
    re.IGNORECASE,
)
_CALL = re.compile(r"[A-Za-z_][\w.:]*\(")
_SAID = re.compile(
    r"example|change[_-]?me|change[_-]?this|placeholder|redacted|your[_-]?(?:own|api|key|token|secret|pass|access)"
    r"|replace[_-]?(?:me|with|this)|insert[_-]?(?:your|here)|enter[_-]?your|goes[_-]?here|dummy|not[_-]?a?[_-]?real"
    r"|(?:^|[^a-z])(?:fake|sample|todo|fixme|mock|masked|hidden|removed|deine?|votre|beispiel|ejemplo|exemple"
    r"|exemplo)(?:[^a-z]|$)|(?:^|[^a-z])(?:tu|seu|sua)[_-](?:clave|chave|token|senha|contrase)",
    re.IGNORECASE,
)
_NOTHING = frozenset(
    "none null nil undefined true false password passwort passwd secret token apikey credential credentials"
    " string text hidden required optional default empty unknown test testing value key".split()
)
_WRITTEN = 120
"""Characters in which a person would have said so; a longer value says anything by chance."""
_MASKED = re.compile(r"([xX*.#•●?])\1{7}|(?:\.\.\.|…|\*\*\*|•••|xxx|XXX)$")
"""Eight times what is written where characters are left out, or that they go on."""
_FILLERS = frozenset("xX*.-_#•●0?…")


def is_placeholder(value: str) -> bool:
    """Whether a person would see that this is no secret."""
    return bool(
        len(value) < 2
        or _MASKED.search(value)
        or _is_filled(value)
        or _is_a_sequence(value)
        or _is_written(value[:_WRITTEN])
    )


def _is_written(value: str) -> bool:
    return bool(
        _TEMPLATE.fullmatch(value)
        or _CALL.match(value)
        or _INSIDE.search(value)
        or _SAID.search(value)
        or value.strip("[]{}()<>\"'").rstrip("0123456789!_-").lower() in _NOTHING
    )


def _is_filled(value: str) -> bool:
    """Half of it says nothing: `sk-xxxxxxxx`, `ghp_****`, `....`."""
    longest = run = 0
    before = ""
    for character in value:
        run = run + 1 if character == before else 1
        before = character
        if run > longest and (character in _FILLERS or run > 7):
            longest = run
    return longest > 2 and longest * 2 >= len(value) - 4


def _is_a_sequence(value: str) -> bool:
    """Most of it counts on or repeats itself: `abcdefgh12345678`, `aaaabbbb`."""
    said = value.encode()
    steps = Counter(map(sub, said[1:], said))
    return len(value) > 7 and (steps[0] + steps[1]) * 5 >= (len(said) - 1) * 3
