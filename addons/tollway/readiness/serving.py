"""Whether a process takes calls: it has come so far, and was not told to stop."""

from tollway.readiness.check import Check, fail, ok

NAME = "serving"
STARTING = fail(NAME, "Tollway is starting")
STOPPING = fail(NAME, "Tollway was told to stop: calls in flight finish, and no others are taken")
TAKING = ok(NAME, "calls are taken")


def silent(seconds: float) -> Check:
    """The process does not come round to saying how it is."""
    return fail(NAME, f"the event loop, on which all calls are, did not answer within {seconds:g} s")
