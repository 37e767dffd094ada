"""The policy: whether the one in force is the one in its file."""

from tollway.readiness.check import Check, ok, warn

NAME = "policy"


def judge(file: str | None, is_good: bool) -> Check:
    """`file`: where it is; None: there is none. `is_good`: what was read last of it is in force.

    A file with mistakes does not make a proxy unready: the former policy holds, on every machine that the
    same file reached, and a slip of the pen is not to end all traffic.
    """
    if file is None:
        return ok(NAME, "there is none: calls are metered, and nothing is limited")
    if not is_good:
        return warn(NAME, f"{file} was not reloaded, the former policy stays in force: the log says why")
    return ok(NAME, f"{file} is in force")
