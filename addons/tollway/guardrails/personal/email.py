"""Addresses of electronic mail.

CERTAIN under a top-level domain that there is, as far as this module's list goes: every country's, and the
well-known others; GENERIC under another one (`a@b.mean` is a product of matrices). Not found: domains that
are for examples (RFC 2606 and 6761: `example.com`, `.test`, `.invalid`, `localhost`), a user of a host
(`git@host:path`, a connection string's `user:password@host`), a file of twice the resolution (`icon@2x.png`),
an image's digest.
"""

import re
from collections.abc import Iterator

import phonenumbers

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.reading import Reading

KIND = "email"

_LOCAL_MOST = 64
"""Characters: RFC 5321, 4.5.3.1.1."""
_LETTER = r"0-9A-Za-z\u00c0-\u024f"
_DOMAIN = re.compile(
    rf"@(?P<host>(?:[{_LETTER}][{_LETTER}\-]{{0,62}}+\.(?=[0-9A-Za-z]))++)"
    rf"(?P<top>xn--[0-9A-Za-z\-]{{2,59}}|[A-Za-z]{{2,24}}+)(?![{_LETTER}]|-[{_LETTER}])"
)
_BACKWARDS = re.compile(rf"[{_LETTER}_](?:[{_LETTER}_'+~\-]|\.(?!\.))*+")
"""A local part from its end to its beginning, of the characters that people have in theirs."""
_NOT_FIRST = "'+~.-"
"""What rather belongs to what is before the address."""
_ESCAPE = re.compile(r"u[0-9a-fA-F]{4}|[bfnrt]")
"""What is no letter after the backslash of JSON inside of a string."""
_TOP = frozenset(region.lower() for region in phonenumbers.SUPPORTED_REGIONS) | frozenset(
    "uk eu su com net org edu gov mil int info biz pro mobi jobs travel museum coop aero asia app dev"
    " io ai cloud online site store shop tech xyz club live life world today news blog email agency"
    " company digital group solutions services systems software studio team global berlin london paris"
    " nyc tokyo wien hamburg koeln bayern swiss amsterdam bank law health care clinic dental hospital"
    " legal consulting academy school church university foundation ngo ong media design energy"
    " engineering finance money insure page icu".split()
)
"""A country's is its ISO code, which the library lists, or one of the first three here."""
_EXAMPLES = frozenset("example test invalid localhost local internal lan localdomain".split())
_RESOLUTION = re.compile(r"\dx\.")
_USER_OF_HOST = frozenset(("git", "hg", "svn"))
_URL = re.compile(r"://[^\s/@]*$")
_SCHEME = 80
"""Characters before that may hold the beginning of the URL that it is a part of."""


def emails(reading: Reading) -> Iterator[Found]:
    """All of the text's."""
    text = reading.text
    for match in _DOMAIN.finditer(text):
        at = match.start()
        local = _BACKWARDS.match(text[max(0, at - _LOCAL_MOST) : at][::-1])
        if local is None:
            continue
        start = _start(text, at - local.end(), at)
        if start < at and not _is_nobodys(text, start, match):
            tier = Tier.CERTAIN if _is_known(match["top"]) else Tier.GENERIC
            yield reading.found(KIND, start, match.end(), tier)


def _start(text: str, start: int, at: int) -> int:
    """Where the local part starts, without what belongs to the text before it."""
    while start < at and text[start] in _NOT_FIRST:
        start += 1
    if text[start - 1 : start] == "\\" and (escape := _ESCAPE.match(text, start, at)):
        return escape.end()
    return start


def _is_known(top: str) -> bool:
    return top.lower() in _TOP or top.startswith("xn--")


def _is_nobodys(text: str, start: int, domain: re.Match[str]) -> bool:
    """Whether the address is an example, or none of electronic mail."""
    labels = domain["host"].lower().split(".")[:-1]
    if domain["top"].lower() in _EXAMPLES or "example" in labels or _RESOLUTION.match(domain["host"]):
        return True
    if text[start : domain.start()] in _USER_OF_HOST or text.startswith((":/", ":~"), domain.end()):
        return True
    return (
        text[start - 1 : start] in (":", "/")
        and _URL.search(text, max(0, start - _SCHEME), start) is not None
    )
