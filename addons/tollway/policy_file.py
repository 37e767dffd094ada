"""Policies as files: what the policy language, which is pure, leaves to the shell."""

from pathlib import Path

from tollway.errors import Mistake, PolicyError
from tollway.paths import policy_path
from tollway.policy.load import load
from tollway.policy.schema import Policy

MIB = 1024 * 1024
MOST_BYTES = 4 * MIB
"""Ten thousand limits take one."""


def read_policy(path: Path | None) -> Policy:
    """The policy of a file. None: that of the user's own file, or the default, which only meters.

    Raises PolicyError.
    """
    path = path or policy_path()
    return Policy(version=1) if path is None else load(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a policy file. Raises PolicyError if it can't be read, is no UTF-8 or too long."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as e:
        raise PolicyError([Mistake(str(path), None, None, "", f"can't be read: {e.strerror}")]) from None
    if len(data) > MOST_BYTES:
        said = f"is longer than {MOST_BYTES // MIB} MiB, the most that a policy may be"
        raise PolicyError([Mistake(str(path), None, None, "", said)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        before = data[: e.start]
        line, column = before.count(b"\n") + 1, e.start - before.rfind(b"\n")
        said = f"is not UTF-8: the byte 0x{data[e.start]:02x}; save the file as UTF-8"
        raise PolicyError([Mistake(str(path), line, column, "", said)]) from None
