"""Personal data of nobody, made at run time: right numbers of each kind, in the forms that people write."""

import random
import re
from collections.abc import Callable

import phonenumbers
from stdnum import luhn, numdb
from stdnum.iso7064 import mod_97_10

from tollway.guardrails.personal.national import IDS
from tollway.guardrails.personal.placeholder import is_placeholder
from tollway.guardrails.personal.trial_cards import is_trial

Maker = Callable[[random.Random], str]

CARDS = (
    "4###############", "51##############", "55##############", "2221############", "2720############",
    "34#############", "37#############", "6011############", "65##############", "36############",
    "300###########", "3528############", "3589############", "62##############", "6759############",
    "2200############",
)  # fmt: skip
"""Each network's; `#` is a digit."""
COUNTRIES = "DE FR ES IT NL GB BE CH AT PL SE PT NO MT SA BR LC".split()
NATIONAL = {
    "uk_nhs": ("##########", ("##########", "### ### ####", "###-###-####")),
    "uk_nino": ("SX######C", ("#########", "## ## ## ## #")),
    "de_idnr": ("###########", ("###########", "## ### ### ###")),
    "fr_nir": ("1##MM##########", ("###############", "# ## ## ## ### ### ##")),
    "es_dni": ("########@", ("#########", "########-#")),
    "es_nie": ("X#######@", ("#########", "#-#######-#")),
    "it_fiscal_code": ("@@@@@@##TDD@###@", ("################",)),
    "nl_bsn": ("#########", ("#########", "### ### ###")),
    "pl_pesel": ("##MMDD#####", ("###########",)),
    "br_cpf": ("###########", ("###########", "###.###.###-##")),
    "in_aadhaar": ("7###########", ("############", "#### #### ####")),
    "ca_sin": ("4########", ("#########", "### ### ###", "###-###-###")),
    "se_personnummer": ("##MMDD####", ("######-####", "##########")),
    "be_nn": ("##MMDD#####", ("###########", "##.##.##-###.##")),
    "ch_ahv": ("756##########", ("#############", "###.####.####.##")),
    "cn_id": ("11010119##MMDD####", ("##################",)),
    "fi_hetu": ("DDMM##A###@", ("###########",)),
    "no_fnr": ("DDMM#######", ("###########", "###### #####")),
    "za_id": ("##MMDD####08#", ("#############",)),
    "mx_curp": ("@@@@##MMDDHDF@@@##", ("##################",)),
}
"""What a number is made of, and the forms it is written in: there each `#` is one character of it."""


def filled(template: str, chance: random.Random) -> str:
    """A template with its digits (`#`), letters (`@`), months (`MM`, Italy's `T`) and days (`DD`)."""
    text = template.replace("MM", f"{chance.randint(1, 12):02}").replace("DD", f"{chance.randint(1, 28):02}")
    text = text.replace("T", chance.choice("ABCDEHLMPRST"))
    text = re.sub("@", lambda _: chance.choice("ABCDEFGHJKLMNPQRSTVWXYZ"), text)
    return re.sub("#", lambda _: chance.choice("0123456789"), text)


def formed(number: str, form: str) -> str:
    """A number in a form."""
    rest = iter(number)
    return re.sub("#", lambda _: next(rest), form)


def card(chance: random.Random) -> str:
    """One on end, or in groups."""
    number = ""
    while not number or is_trial(number):
        body = filled(chance.choice(CARDS), chance)[:-1]
        number = body + luhn.calc_check_digit(body)
    groups = "#### #### #### ####" if len(number) == 16 else "#### ###### " + "#" * (len(number) - 10)
    return formed(number, chance.choice(("#" * len(number), groups, groups.replace(" ", "-"))))


def iban(chance: random.Random) -> str:
    """On end, or in groups of four."""
    country = chance.choice(COUNTRIES)
    structure = re.findall(r"(\d+)!([nac])", numdb.get("iban").info(country)[0][1]["bban"])
    pools = {"n": "0123456789", "a": "ABCDEFGHJKLMNPRSTUVWXYZ", "c": "0123456789ABCDEFGHJKLMN"}
    account = "".join(chance.choice(pools[kind]) for size, kind in structure for _ in range(int(size)))
    number = country + mod_97_10.calc_check_digits(account + country) + account
    return chance.choice((number, " ".join(re.findall(".{1,4}", number))))


def national(kind: str) -> Maker:
    """Makes a kind of the table of national numbers."""
    template, forms = NATIONAL[kind]

    def made(chance: random.Random) -> str:
        while True:
            number = filled(template, chance)
            is_one = re.fullmatch(IDS[kind].pattern, number) and IDS[kind].valid(number)
            if is_one and not is_placeholder(re.sub("[^0-9]", "", number)):
                return formed(number, chance.choice(forms))

    return made


def email(chance: random.Random) -> str:
    """Of people at companies that there are not."""
    first, last = (
        chance.choice(("jane", "jörg", "maria", "li.wei", "o'neil")),
        chance.choice(("doe", "kuhn", "rossi")),
    )
    local = chance.choice((f"{first}.{last}", f"{first}_{last}{chance.randint(1, 99)}", f"{first}+news"))
    host = chance.choice(("firma", "mail.kanzlei-nord", "entreprise", "despacho", "studio-legale"))
    return f"{local}@{host}.{chance.choice('de com fr es it co.uk io dev com.br'.split())}"


def phone(chance: random.Random) -> str:
    """In international form, as the library writes a number of a country."""
    while True:
        region = chance.choice("US GB DE FR ES IT NL CH AT PL SE BR IN JP".split())
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        assert number is not None
        tail = str(number.national_number)[:-4] + filled("####", chance)
        number.national_number = int(tail)
        if phonenumbers.is_valid_number(number) and "555" not in tail and len(set(tail)) > 5:
            form = chance.choice(("INTERNATIONAL", "E164"))
            return phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, form))


def us_ssn(chance: random.Random) -> str:
    """As on the card."""
    return f"{chance.randint(667, 899)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"


def ip(chance: random.Random) -> str:
    """Of either version."""
    four = [chance.choice((81, 93, 151, 178)), *(chance.randint(32, 254) for _ in range(3))]
    six = [f"2a0{chance.randint(1, 9)}", *(f"{chance.randrange(4096, 65536):x}" for _ in range(2)), "", "7"]
    return chance.choice((".".join(map(str, four)), ":".join(six)))


def mac(chance: random.Random) -> str:
    """With colons or hyphens."""
    pairs = ["3c", "22", *(f"{chance.randrange(16, 256):02x}" for _ in range(4))]
    return chance.choice((":".join(pairs), "-".join(pairs).upper()))


def passport(chance: random.Random) -> str:
    """As the United Kingdom, Germany and Italy number theirs."""
    return filled(chance.choice(("5########", "C##X##P4#", "YA#######", "X########")), chance)


def birth_date(chance: random.Random) -> str:
    """In the ways of several countries."""
    year, month, day = chance.randint(1940, 2010), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice(
        (
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
            f"{day:02}/{month:02}/{year}",
            f"{day} {chance.choice(('May', 'August', 'août', 'Mai', 'enero', 'maggio'))} {year}",
            f"{chance.choice(('May', 'October', 'Jan'))} {day}, {year}",
        )
    )


MAKERS: dict[str, Maker] = {
    "card": card, "iban": iban, "email": email, "phone": phone, "us_ssn": us_ssn, "ip": ip, "mac": mac,
    "passport": passport, "birth_date": birth_date, **{kind: national(kind) for kind in NATIONAL},
}  # fmt: skip
"""By kind."""
