"""What people and programs call personal data that is found by its name alone, or more surely."""

from tests.detection.surroundings import Words

WORDS = {
    "uk_nhs": Words(
        "my NHS number", "die NHS-Nummer", "le numéro NHS", "el número NHS", "il numero NHS", "nhs_number"
    ),
    "uk_nino": Words(
        "my National Insurance number", "die NINO", "le NINO", "el NINO", "il NINO", "national_insurance_no"
    ),
    "de_idnr": Words(
        "my German tax id", "meine Steuer-ID", "mon IdNr allemand", "mi IdNr", "la mia Steuer-ID", "steuer_id"
    ),
    "es_dni": Words("my DNI", "mein DNI", "mon DNI", "mi DNI", "il mio DNI", "dni"),
    "es_nie": Words("my NIE", "meine NIE", "mon NIE", "mi NIE", "il mio NIE", "NIE"),
    "nl_bsn": Words("my BSN", "die Burgerservicenummer", "mon BSN", "mi BSN", "il BSN", "bsn"),
    "pl_pesel": Words("my PESEL", "die PESEL-Nummer", "mon PESEL", "mi PESEL", "il PESEL", "pesel"),
    "br_cpf": Words("my CPF", "die CPF-Nummer", "mon CPF", "mi CPF", "il CPF", "cpf"),
    "in_aadhaar": Words(
        "my Aadhaar", "meine Aadhaar", "mon Aadhaar", "mi Aadhaar", "il mio Aadhaar", "aadhaar_no"
    ),
    "ca_sin": Words(
        "my social insurance number",
        "die SIN",
        "mon numéro d'assurance sociale",
        "mi SIN",
        "il SIN",
        "social_insurance",
    ),
    "se_personnummer": Words(
        "my personnummer",
        "mein Personnummer",
        "mon personnummer",
        "mi personnummer",
        "il personnummer",
        "personnummer",
    ),
    "be_nn": Words(
        "my national number",
        "die Rijksregisternummer",
        "mon numéro de registre national",
        "mi NISS",
        "il NISS",
        "insz",
    ),
    "ch_ahv": Words("my AHV number", "meine AHV-Nummer", "mon numéro AVS", "mi AHV", "il numero AVS", "ahv"),
    "fi_hetu": Words("my hetu", "die Hetu", "mon hetu", "mi hetu", "il hetu", "hetu"),
    "no_fnr": Words(
        "my fødselsnummer", "die Fødselsnummer", "mon fødselsnummer", "mi fødselsnummer", "il fnr", "fnr"
    ),
    "za_id": Words(
        "my ID number",
        "die South African ID",
        "mon identity number",
        "mi ID number",
        "l'ID number",
        "identity_number",
    ),
    "passport": Words(
        "my passport", "mein Reisepass", "mon passeport", "mi pasaporte", "il passaporto", "passport_no"
    ),
    "birth_date": Words(
        "born on",
        "geboren am",
        "ma date de naissance,",
        "mi fecha de nacimiento,",
        "nato il",
        "date_of_birth",
    ),
}
"""By kind; of any other kind the value stands without its name."""
