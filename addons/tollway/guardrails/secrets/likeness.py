"""Whether a value that a name says to be a secret looks like one."""

import re

_NAME = re.compile(r"[A-Za-z_][A-Za-z_.-]*|_?(?:[a-z]+[0-9]{0,3}_){2,}[a-z]+[0-9]{0,3}")
"""An identifier, an attribute, words with hyphens between them; `x509_check_purpose`."""
_MARKS = re.compile(r"[^\w.:/-]")
_PATH = re.compile(
    r"[~.]{0,2}/?(?:[\w.@-]+/)+[\w.@-]*|[A-Za-z][A-Za-z0-9+.-]*:/.*|[\w-]+(?:\.[A-Za-z_][\w-]*)+"
)
_ALGORITHM = re.compile(
    r"(?:hmac|rsa|aes|sha|md|utf|base|iso|oauth|pbkdf|x|http|ipv|p|es|rs|hs|v|python|py)[-_]?[0-9]+(?:[-_/].*)?",
    re.IGNORECASE,
)


def password(value: str) -> bool:
    """Letters, with digits or marks among them: no word, no identifier, no name of an algorithm."""
    return (
        any(map(str.isalpha, value))
        and bool(_MARKS.search(value) or any(map(str.isdigit, value)))
        and not _NAME.fullmatch(value)
        and not _ALGORITHM.fullmatch(value)
    )


def bare_password(value: str) -> bool:
    """The same without quotes around it, where code says `password = row.password2` as well."""
    return password(value) and not _PATH.fullmatch(value)


def token(value: str) -> bool:
    """Letters and digits: no identifier, no path, no address, no dotted name."""
    return (
        any(map(str.isalpha, value))
        and any(map(str.isdigit, value))
        and not _PATH.fullmatch(value)
        and not _NAME.fullmatch(value)
    )
