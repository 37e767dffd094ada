"""Variables as commands of a shell."""

import re
from collections.abc import Callable, Mapping


def _sh(name: str, value: str) -> str:
    return f"export {name}='" + value.replace("'", "'\\''") + "'"


def _fish(name: str, value: str) -> str:
    return f"set -gx {name} '" + re.sub(r"(['\\])", r"\\\1", value) + "'"


def _powershell(name: str, value: str) -> str:
    # It takes typographic single quotes for plain ones.
    return f"$env:{name} = '" + re.sub("(['‘’‚‛])", r"\1\1", value) + "'"


SHELLS: Mapping[str, Callable[[str, str], str]] = {"sh": _sh, "fish": _fish, "powershell": _powershell}


def exports(variables: Mapping[str, str], shell: str) -> str:
    """One command a variable, for `eval`, `source` or `Invoke-Expression`; `shell` is a key of SHELLS."""
    return "".join(SHELLS[shell](name, value) + "\n" for name, value in variables.items())
