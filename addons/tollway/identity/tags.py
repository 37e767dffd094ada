"""Tags that a caller puts on a call: `x-tollway-tags: project=apollo, env=ci`."""

import re

_NEVER = r"\x00-\x1f\x7f-\x9f\ud800-\udfff,"
"""Control characters, what is no Unicode text, and the comma."""
TAG = re.compile(rf"[ \t]*([a-z0-9_.-]{{1,32}})= *([^ {_NEVER}][^{_NEVER}]{{0,63}}?)[ \t]*")
"""A key is [a-z0-9_.-]{1,32}, a value has 1 to 64 characters, of which the first and last are no spaces."""
AT_MOST = 8


def parse_tags(text: str) -> dict[str, str]:
    """The tags of a header; what is no tag is left out, as are those past the eighth (DESIGN, section 5)."""
    found: dict[str, str] = {}
    for piece in text.split(","):
        match = TAG.fullmatch(piece)
        if match and len(found) < AT_MOST:
            found[match[1]] = match[2]
    return found


def check_tag(text: str) -> tuple[str, str]:
    """One tag of a command line. ValueError says what a tag looks like."""
    match = TAG.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not a tag: KEY=VALUE, KEY up to 32 of a-z 0-9 _ . -, VALUE up to 64 characters"
        )
    return match[1], match[2]
