"""Which telephone numbers the world's numbering plans assign: the data of phonenumbers, without its parser.

The parser takes 50 µs for a number in one country; one automaton for all countries of a calling code answers
in three.
"""

import re
from functools import cache

import phonenumbers
import re2

_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_REGIONS = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
_NO_COUNTRY = "001"
_LONGEST_CODE = 3
_COMMON = "US GB DE FR ES IT NL BE CH AT PT BR MX PL SE NO DK FI IE IN AU JP CN TR".split()
"""Countries whose numbers are read without a calling code."""
_FICTION = {
    1: r"[2-9]\d\d55501\d\d",
    33: r"(?:1990|[267]3998|2619|3530|4656|5364)\d{4,5}",
    44: (
        r"(?:1(?:1[3-8]|[2-6]1)4960|2079460|1914980|2896496|2920180|1632960|7700900|8081570|9098790|3069990)"
        r"\d{3}"
    ),
    49: r"(?:3023125|17139200|1555|1760490)\d{2,6}",
    61: r"(?:[2378]5550|[2378]7010|491570)\d{3,4}",
}
"""By calling code: what its regulator keeps for films and examples."""


@cache
def _pattern(code: int) -> "re2._Regexp[str]":
    """The numbers behind a calling code, as they follow it."""
    return re2.compile("|".join(_assigned(_plan(region, code)) for region in _REGIONS[code]))


@cache
def _common() -> "re2._Regexp[str]":
    """The numbers of the common countries, as they are dialled there."""
    rows = [_plan(region, 0) for region in _COMMON]
    return re2.compile("|".join(f"(?:{row.national_prefix or ''})?(?:{_assigned(row)})" for row in rows))


def _plan(region: str, code: int) -> phonenumbers.PhoneMetadata:
    """A country's numbering plan, or that of a service of the whole world."""
    plans = phonenumbers.PhoneMetadata
    world = region == _NO_COUNTRY
    plan = plans.metadata_for_nongeo_region(code) if world else plans.metadata_for_region(region)
    assert plan is not None  # the library has one for each region it lists
    return plan


def _assigned(plan: phonenumbers.PhoneMetadata) -> str:
    """The numbers of a plan, without the prefix for calls inside of the country."""
    kinds = (getattr(plan, kind) for kind in _KINDS)
    return "|".join(
        f"(?:{kind.national_number_pattern})" for kind in kinds if kind and kind.national_number_pattern
    )


_FICTIONAL = {code: re.compile(pattern) for code, pattern in _FICTION.items()}


def is_international(digits: str) -> bool:
    """Whether a number is assigned that is written with its calling code, without the `+`."""
    for length in range(1, _LONGEST_CODE + 1):
        code = int(digits[:length])
        if code in _REGIONS:
            rest = digits[length:]
            fiction = _FICTIONAL.get(code)
            return not (fiction and fiction.fullmatch(rest)) and _pattern(code).fullmatch(rest) is not None
    return False


def is_national(digits: str) -> bool:
    """Whether a number is assigned in one of the common countries, as it is dialled there."""
    if digits.startswith("00"):
        return is_international(digits[2:])
    plain = digits.removeprefix("0")
    return _common().fullmatch(digits) is not None and not any(
        fiction.fullmatch(plain) or fiction.fullmatch(digits.removeprefix("1"))
        for fiction in _FICTIONAL.values()
    )


def warm() -> None:
    """Make the automatons of the common countries."""
    is_national("0")
    for region in _COMMON:
        _pattern(phonenumbers.country_code_for_region(region))
