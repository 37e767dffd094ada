"""How many processors this process may use."""

import os
from math import ceil
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Of a container, or a unit of systemd's as it sees itself: microseconds in so many."""


def available(quota: Path = QUOTA) -> int:
    """At least one. What a container is allowed counts, rounded up."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allowed, _, period = quota.read_text().partition(" ")
        return max(min(there, ceil(int(allowed) / int(period))), 1)
    except (OSError, ValueError, ZeroDivisionError):  # there is no such file, or `max`
        return there
