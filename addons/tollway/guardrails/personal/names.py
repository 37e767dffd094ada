"""The words that say what a number is, in the languages that people write them in.

A phrase stands without accents and in lower case, but for short names that mean something else there (`SIN`,
`NIE`, `NIR`), which count in capitals alone. What is between its words in a text may be anything but a
letter, or nothing: `date_of_birth`, `dateOfBirth`. A phrase of up to five letters has to stand by itself
(`tel`, not `hotel`); a longer one may be part of a word, as German makes them.
"""

from collections.abc import Mapping


def _phrases(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split(","))


NAMES: Mapping[str, tuple[str, ...]] = {
    "card": _phrases(
        "credit card, debit card, card number, card no, cardnumber, card num, card, visa, mastercard, amex",
        "kreditkarte, kartennummer, carte bancaire, carte de credit, numero de carte, carte bleue, tarjeta",
        "cartao, carta di credito, creditcard, kaartnummer, karta, kortnummer, kreditkort",
    ),
    "us_ssn": _phrases(
        "ssn, social security, soc sec, seguro social, ssns, itin, tax payer id",
    ),
    "phone": _phrases(
        "phone, phones, tel, telephone, mobile, cell, cellphone, fax, whatsapp, sms, call me, call us",
        "reach me, text me, contact, hotline, dial, anruf, telefon, handy, mobil, rufnummer, anrufen",
        "erreichbar, portable, appelez, movil, celular, llamar, llame, telefone, cellulare, chiamare",
        "telefoon, komorka, tlf, gsm",
    ),
    "ip": _phrases(
        "ip, ips, ipv, ip4, ip6, addr, address, host, client, remote, server, src, dst, peer, adresse, from",
    ),
    "passport": _phrases(
        "passport, reisepass, passnummer, passeport, pasaporte, passaporte, passaporto, paspoort, paszport",
        "passnr",
    ),
    "birth_date": _phrases(
        "date of birth, birth date, birthdate, birthday, dob, born, geburtsdatum, geburtstag, geboren, geb",
        "date de naissance, naissance, ne le, nee le, fecha de nacimiento, nacimiento, nacido, nacida",
        "data di nascita, nascita, nato il, nata il, nato a, data de nascimento, nascimento, nascido",
        "nascida",
        "geboortedatum, data urodzenia, urodzony, urodzona, fodelsedatum, fodselsdato, fodt",
        "出生日期, 出生年月, 生年月日",
    ),
    "uk_nhs": _phrases(
        "nhs, national health, nhs number",
    ),
    "uk_nino": _phrases(
        "national insurance, nino, ni number, NI no, NI",
    ),
    "de_idnr": _phrases(
        "steuer id, steuerid, steueridentifikation, steuerliche identifikation, identifikationsnummer",
        "idnr, steuernummer, tax id, tax identification",
    ),
    "fr_nir": _phrases(
        "NIR, securite sociale, secu, insee, numero ss, social security",
    ),
    "es_dni": _phrases(
        "DNI, dni, NIF, nif, documento nacional, identidad",
    ),
    "es_nie": _phrases(
        "NIE, extranjero, identidad",
    ),
    "it_fiscal_code": _phrases(
        "codice fiscale, fiscal code, cod fisc, CF",
    ),
    "nl_bsn": _phrases(
        "bsn, burgerservice, sofinummer, sofi",
    ),
    "pl_pesel": _phrases(
        "pesel",
    ),
    "br_cpf": _phrases(
        "cpf, cadastro de pessoa",
    ),
    "in_aadhaar": _phrases(
        "aadhaar, aadhar, adhaar, uidai",
    ),
    "ca_sin": _phrases(
        "SIN, social insurance, assurance sociale, NAS",
    ),
    "se_personnummer": _phrases(
        "personnummer, personnr, personal identity number, pnr",
    ),
    "be_nn": _phrases(
        "rijksregister, registre national, national number, nationaal nummer, insz, niss",
    ),
    "ch_ahv": _phrases(
        "ahv, avs, sozialversicherung",
    ),
    "cn_id": _phrases(
        "身份证, 公民身份, resident id, identity card, shenfenzheng",
    ),
    "fi_hetu": _phrases(
        "hetu, henkilotunnus",
    ),
    "no_fnr": _phrases(
        "fodselsnummer, fodselsnr, fnr, personnummer",
    ),
    "za_id": _phrases(
        "id number, identity number, south african id, rsa id",
    ),
    "mx_curp": _phrases(
        "curp",
    ),
}
"""By kind."""
