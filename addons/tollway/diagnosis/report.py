"""Findings as text for a screen, and as JSON for programs."""

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence

from tollway.diagnosis.finding import Finding, Verdict

SIGNS = {Verdict.WELL: "✓", Verdict.DOUBTFUL: "?", Verdict.WRONG: "✗", Verdict.NOT_CHECKED: "–"}
ASCII = {Verdict.WELL: "+", Verdict.DOUBTFUL: "?", Verdict.WRONG: "x", Verdict.NOT_CHECKED: "-"}
ALL_WELL = "All is well."
Paint = Callable[[str, Verdict], str]
"""Gives a sign and word the colour of their verdict; they say it without."""


def status(findings: Sequence[Finding]) -> int:
    """The exit status: 1 if something is wrong. What is doubtful is not."""
    return int(any(each.verdict is Verdict.WRONG for each in findings))


def as_text(findings: Sequence[Finding], width: int, unicode: bool, paint: Paint) -> str:
    """A line or two for each, what was not checked in one, and at the end what mends it."""
    done = [each for each in findings if each.verdict is not Verdict.NOT_CHECKED]
    left = [each for each in findings if each.verdict is Verdict.NOT_CHECKED]
    names = max((len(each.subject) for each in done), default=0)
    signs = SIGNS if unicode else ASCII
    lines = [line for each in done for line in _lines(each, names, width, signs, paint)]
    if left:
        lines += _not_checked(left, names, width, signs, paint)
    return "\n".join([*lines, "", *_end(findings)])


def as_json(findings: Sequence[Finding]) -> str:
    """`{"well": true, "findings": [{"subject", "verdict", "reason", "remedy"}]}`."""
    said = [
        {"subject": each.subject, "verdict": each.verdict.value, "reason": each.reason, "remedy": each.remedy}
        for each in findings
    ]
    return json.dumps({"well": not status(findings), "findings": said}, indent=2, ensure_ascii=False)


def _lines(
    finding: Finding, names: int, width: int, signs: dict[Verdict, str], paint: Paint
) -> Iterator[str]:
    word = f"{signs[finding.verdict]} {_word(finding.verdict):<8}"
    room = max(width - names - 14, 24)
    first, *rest = textwrap.wrap(finding.reason, room, break_on_hyphens=False) or [""]
    yield f"{paint(word, finding.verdict)}  {finding.subject:<{names}}  {first}"
    yield from (" " * (names + 14) + line for line in rest)


def _not_checked(
    left: Sequence[Finding], names: int, width: int, signs: dict[Verdict, str], paint: Paint
) -> Iterator[str]:
    """By reason: most have the same."""
    by_reason: dict[str, list[str]] = {}
    for each in left:
        by_reason.setdefault(each.reason, []).append(each.subject)
    word = f"{signs[Verdict.NOT_CHECKED]} {_word(Verdict.NOT_CHECKED)}"
    for reason, subjects in by_reason.items():
        first, *rest = textwrap.wrap(f"{', '.join(subjects)}: {reason}", max(width - 15, 24))
        yield f"{paint(word, Verdict.NOT_CHECKED)}  {first}"
        yield from (" " * 15 + line for line in rest)


def _word(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")


def _end(findings: Sequence[Finding]) -> Iterator[str]:
    counts = {verdict: sum(each.verdict is verdict for each in findings) for verdict in Verdict}
    wrong, doubts = counts[Verdict.WRONG], counts[Verdict.DOUBTFUL]
    if not wrong and not doubts:
        yield ALL_WELL
        return
    yield f"{wrong} wrong, {doubts} doubtful. What mends it, the first thing first:"
    order = (Verdict.WRONG, Verdict.DOUBTFUL)
    remedies = [each.remedy for verdict in order for each in findings if each.verdict is verdict]
    yield from (f"  {remedy}" for remedy in dict.fromkeys(filter(None, remedies)))
