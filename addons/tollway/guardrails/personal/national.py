"""National identity numbers that carry a checksum: a table of them, and one function that reads it.

CERTAIN where words name the number, and in a form that is as good as its name: Italy's code, France's number
with its 97 and a birth month, Brazil's with its own points and two check digits. GENERIC in a form that other
numbers have, too. A run of digits of which one in ten would pass is not found unless it is named. No table of
places and no calendar is asked: a birth date is a month and a day that there are.
"""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.luhn import is_luhn
from tollway.guardrails.personal.placeholder import is_placeholder
from tollway.guardrails.personal.reading import Reading

_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DEPARTMENT = r"(?:\d\d|2[AB])"
_NOT_OF_IT = re.compile(r"[^0-9A-Za-z]")


class NationalId(Struct, frozen=True):
    """One country's number."""

    what: str
    forms: Mapping[str, Tier | None]
    """The shapes it is written in, and how sure each is without a word that names it; None: not found."""
    valid: Callable[[str], bool] = lambda number: True
    """Said of letters in upper case and digits, without separators."""
    pattern: str = ".*"
    """Of the same, whole."""


def _norwegian(number: str) -> bool:
    digits = fodselsnummer.calc_check_digit1(number), fodselsnummer.calc_check_digit2(number)
    return number[-2:] == "".join(digits)


def _belgian(number: str) -> bool:
    """Of people born in this century the remainder is that of a number with a 2 before it."""
    return int(number[9:]) in (97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97)


def _finnish(number: str) -> bool:
    """The century's sign is no part of what is checked."""
    return number[-1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number[:6] + number[-4:-1]) % 31]


def _chinese(number: str) -> bool:
    return number[-1] == ric.calc_check_digit(number)


IDS: Mapping[str, NationalId] = {
    "uk_nhs": NationalId("NHS number (England, Wales)", {"10": None, "3-3-4": None}, nhs.is_valid),
    "uk_nino": NationalId(
        "National Insurance number (United Kingdom)",
        {"2L6L": None, "2L 6L": Tier.GENERIC},
        pattern=r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]",
    ),
    "de_idnr": NationalId(
        "Steuer-Identifikationsnummer (Germany)", {"11": None, "2-3-3-3": Tier.GENERIC}, idnr.is_valid
    ),
    "fr_nir": NationalId(
        "numéro de sécurité sociale (France)",
        {"15": Tier.CERTAIN, "nir": Tier.CERTAIN},
        nir.is_valid,
        rf"[12378]\d\d(?:{_MONTH}|2\d|3\d|4[0-2]|[5-9]\d){_DEPARTMENT}\d{{8}}",
    ),
    "es_dni": NationalId(
        "documento nacional de identidad (Spain)", {"8L": Tier.GENERIC, "8l": None}, dni.is_valid
    ),
    "es_nie": NationalId(
        "número de identidad de extranjero (Spain)", {"L7L": Tier.GENERIC, "l7l": None}, nie.is_valid
    ),
    "it_fiscal_code": NationalId("codice fiscale (Italy)", {"6L2": Tier.CERTAIN}, codicefiscale.is_valid),
    "nl_bsn": NationalId("burgerservicenummer (Netherlands)", {"9": None, "3-3-3": None}, bsn.is_valid),
    "pl_pesel": NationalId("PESEL (Poland)", {"11": None}, pesel.is_valid),
    "br_cpf": NationalId("CPF (Brazil)", {"11": None, "3.3.3-2": Tier.CERTAIN}, cpf.is_valid),
    "in_aadhaar": NationalId("Aadhaar number (India)", {"12": None, "4-4-4": Tier.GENERIC}, aadhaar.is_valid),
    "ca_sin": NationalId("social insurance number (Canada)", {"9": None, "3-3-3": None}, sin.is_valid),
    "se_personnummer": NationalId(
        "personnummer (Sweden)",
        {"10": None, "12": None, "6-4": Tier.GENERIC, "8-4": Tier.GENERIC},
        lambda number: is_luhn(number[-10:]),
        rf"(?:18|19|20)?\d\d{_MONTH}(?:{_DAY}|[67]\d|8\d|9[01])\d{{4}}",
    ),
    "be_nn": NationalId(
        "rijksregisternummer (Belgium)",
        {"11": None, "2.2.2-3.2": Tier.CERTAIN},
        _belgian,
        rf"\d\d(?:0\d|1[0-2]){_DAY}\d{{5}}",
    ),
    "ch_ahv": NationalId(
        "AHV-Nummer (Switzerland)", {"13": None, "3.4.4.2": Tier.CERTAIN}, ahv.is_valid, r"756\d{10}"
    ),
    "cn_id": NationalId(
        "居民身份证 (China)",
        {"18": Tier.CERTAIN, "17X": Tier.CERTAIN},
        _chinese,
        rf"[1-8]\d{{5}}(?:19|20)\d\d{_MONTH}{_DAY}\d{{3}}[\dX]",
    ),
    "fi_hetu": NationalId(
        "henkilötunnus (Finland)",
        {"6-3L": Tier.CERTAIN, "6-4": Tier.GENERIC},
        _finnish,
        rf"{_DAY}{_MONTH}\d\d[A-FU-Y]?(?!00[01])\d{{3}}[0-9A-Y]",
    ),
    "no_fnr": NationalId(
        "fødselsnummer (Norway)", {"11": None, "6-5": Tier.GENERIC}, _norwegian, r"[0-7]\d[0-5]\d{8}"
    ),
    "za_id": NationalId(
        "identity number (South Africa)", {"13": None}, is_luhn, rf"\d\d{_MONTH}{_DAY}\d{{4}}[01]\d\d"
    ),
    "mx_curp": NationalId("CURP (Mexico)", {"4L6": Tier.CERTAIN}, curp.is_valid),
}
_PATTERNS = {kind: re.compile(row.pattern) for kind, row in IDS.items()}
_DIGITS = re.compile(r"[^0-9]")


def national(kind: str, reading: Reading, shape: str, start: int, end: int) -> Found | None:
    """The number of a kind that a shape is, if it is one."""
    row = IDS[kind]
    tier = row.forms[shape]
    if tier is not Tier.CERTAIN and reading.names(kind, start, end):
        tier = Tier.CERTAIN
    if tier is None:
        return None
    number = _NOT_OF_IT.sub("", reading.text[start:end]).upper()
    if (
        not _PATTERNS[kind].fullmatch(number)
        or is_placeholder(_DIGITS.sub("", number))
        or not row.valid(number)
    ):
        return None
    return reading.found(kind, start, end, tier)
