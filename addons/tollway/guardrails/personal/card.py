"""Numbers of payment cards: a network's range and length, and the Luhn digit.

CERTAIN in a length that the network issues today. Of another length (13 digits, 17 to 19), where words say
that it is a card; or, as GENERIC, in groups of four. GENERIC, too, is a number that the word before calls an
id, unless others call it a card. Numbers for trying things out are none: see `trial_cards.py`.
"""

import re
from collections.abc import Mapping

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.luhn import is_luhn
from tollway.guardrails.personal.reading import Reading
from tollway.guardrails.personal.trial_cards import is_trial

KIND = "card"
FORMS: Mapping[str, Tier | None] = dict.fromkeys(
    ("14", "15", "16", "4-4-4-4", "4-4-4-4-3", "4-6-5"), Tier.CERTAIN
) | dict.fromkeys(("13", "17", "18", "19"))

_USUAL = {
    "visa": r"4\d{15}",
    "mastercard": r"(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}",
    "amex": r"3[47]\d{13}",
    "discover": r"(?:6011|64[4-9]\d|65\d\d)\d{12}",
    "diners": r"(?:30[0-5]\d|3095|36\d\d|3[89]\d\d)\d{10}",
    "jcb": r"35(?:2[89]|[3-8]\d)\d{12}",
    "unionpay": r"(?:62|81)\d{14}",
    "maestro": r"(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12}",
    "mir": r"220[0-4]\d{12}",
    "rupay": r"(?:508[5-9]|60[6-8]\d|82\d\d)\d{12}",
    "elo, hipercard, verve": r"(?:4011|5066|5067|509\d|6277|6362|6363|6062|506[01])\d{12}",
    "troy": r"9792\d{12}",
}
_RARE = {
    "visa": r"4\d{12}(?:\d{6})?",
    "discover, jcb": r"(?:6011|64[4-9]\d|65\d\d|35(?:2[89]|[3-8]\d))\d{13,15}",
    "diners": r"(?:30[0-5]\d|3095|36\d\d|3[89]\d\d)\d{12,15}",
    "unionpay": r"62\d{15,17}",
    "maestro": r"(?:5018|5020|5038|5[6-8]\d\d|6\d{3})\d{9,15}",
}
_NETWORK = re.compile("|".join([f"(?P<usual>{'|'.join(_USUAL.values())})", *_RARE.values()]))
_NO_DIGIT = re.compile(r"\D")
_ID = re.compile(
    r"(?i:id|trace|span|seq|hash|offset|ts|time|stamp|nonce|token|order|key|serial)[\"'\\ ]*[:=]+[\"'\\ ]*\Z"
)
_KEY = 24
"""Characters of a key before a value that are looked at."""


def card(reading: Reading, shape: str, start: int, end: int) -> Found | None:
    """The card whose number a shape is, if it is one."""
    digits = _NO_DIGIT.sub("", reading.text[start:end])
    if shape == "4-4-4-4-3":  # rather the code on the back, or something else, than one of 19 digits
        if _network(digits[:-3]):
            digits, end = digits[:-3], end - 4
    network = _network(digits)
    if network is None:
        return None
    if reading.names(KIND, start, end):
        return reading.found(KIND, start, end, Tier.CERTAIN)
    if FORMS[shape] is None:
        return None
    sure = network["usual"] and not _ID.search(reading.text, max(0, start - _KEY), start)
    return reading.found(KIND, start, end, Tier.CERTAIN if sure else Tier.GENERIC)


def _network(digits: str) -> re.Match[str] | None:
    """The network whose number it is; None: nobody's."""
    network = _NETWORK.fullmatch(digits)
    return network if network and is_luhn(digits) and not is_trial(digits) else None
