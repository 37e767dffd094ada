"""The clock: tokens, certificates and budgets go by it."""

from tollway.diagnosis.finding import Finding, doubtful, well

SUBJECT = "clock"
MOST_SECONDS = 60
"""What issuers of tokens forgive, as a rule."""


def judge(skew: float, whose: str) -> Finding:
    """`skew`: seconds by which this machine's clock is ahead of another's."""
    if abs(skew) <= MOST_SECONDS:
        return well(SUBJECT, f"within a minute of {whose}'s")
    said = f"{_duration(abs(skew))} {'ahead of' if skew > 0 else 'behind'} {whose}'s"
    return doubtful(
        SUBJECT,
        f"this machine's is {said}: tokens may be refused, and certificates seem not to hold",
        "set it: timedatectl set-ntp true (Linux)",
    )


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 7200:
        return f"{whole} s"
    return f"{whole // 3600} h" if whole < 172_800 else f"{whole // 86_400} days"
