"""What credentials look like: by the words that they begin with, as those who give them out document them.

Each shape is looked for by its first characters, which is a search for bytes, and tried where these stand:
a text that has none of them costs next to nothing, and none takes more than linear time. A token is taken to
its end, whatever its length is said to be: so what is left around it begins or ends nothing new.
"""

import re

from msgspec import Struct

_TOKEN = rb"[A-Za-z0-9_\-.~+/=]"
_ESCAPE_BEFORE = rb"(?<=\\[nrt])"
_NO_WORD_BEFORE = rb"(?:(?<![A-Za-z0-9_])|" + _ESCAPE_BEFORE + rb")"
"""What is escaped in JSON is no letter."""
_NO_TOKEN_BEFORE = rb"(?:(?<![A-Za-z0-9_\-])|" + _ESCAPE_BEFORE + rb")"
_BREAK = rb"(?:\s|\\+[nrt])"
"""Between two lines, also of a text within JSON, or of JSON within JSON."""
_QUOTE = rb"""(?:\\{0,4}["'])?+"""
_GLUE = _QUOTE + rb"\s{0,4}[:=]\s{0,4}" + _QUOTE
"""Between a name and its value: quotes, also those within JSON, and no escape of anything else."""
_MIXED = rb"(?=[A-Za-z_\-.~+/=]{0,64}[0-9])(?=[0-9_\-.~+/=]{0,64}[A-Za-z])"
"""With digits and letters: words have none of the ones."""
_NO_NUMBER = rb"(?!-?[0-9]++(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?(?!" + _TOKEN + rb"))"
"""A number of JSON has no quotes around it, as the mark in its place would need them."""


class Shape(Struct, frozen=True):
    """One kind of credential."""

    kind: str
    """What is said to have been there."""
    start: bytes
    """What it begins with; in small letters, if case does not matter."""
    pattern: re.Pattern[bytes]
    """Matches where it begins; the group `secret`, or else all of it, is what goes."""
    any_case: bool = False


def _key(start: str, least: int, kind: str = "key", letters: bytes = rb"[A-Za-z0-9_\-]") -> Shape:
    """A token of at least so many characters after its start, the first of which are of these letters."""
    text = _NO_WORD_BEFORE + re.escape(start.encode()) + letters + rb"{%d}" % least + _TOKEN + rb"*+"
    return Shape(kind, start.encode(), re.compile(text))


def _named(name: str) -> Shape:
    """A value of 16 characters or more behind a name that says what it is."""
    text = re.escape(name.encode()) + _GLUE + rb"(?:(?:bearer|basic)\s{1,4})?+(?P<secret>"
    text += _NO_NUMBER + _MIXED + _TOKEN + rb"{16,}+)"
    return Shape("key", name.encode(), re.compile(text, re.IGNORECASE), any_case=True)


def _scheme(name: str) -> Shape:
    text = _NO_WORD_BEFORE + name.encode() + rb"\s{1,4}(?P<secret>" + _MIXED + _TOKEN + rb"{16,}+)"
    return Shape("token", name.encode(), re.compile(text, re.IGNORECASE), any_case=True)


_BASE64 = rb"[A-Za-z0-9+/=]"
_PRIVATE_KEY = (
    rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    rb"(?:" + _BREAK + rb"*+(?:[A-Za-z\-]{1,40}: [A-Za-z0-9,.\- ]{1,200}+|" + _BASE64 + rb"{16,}+))++"
    rb"(?:" + _BREAK + rb"*+" + _BASE64 + rb"*+" + _BREAK + rb"*+-----END [A-Z0-9 ]{0,60}-----)?+"
)
_JWT = _NO_TOKEN_BEFORE + rb"eyJ[\w\-]{8,}+\.[\w\-]{8,}+\." + _TOKEN + rb"*+"
_LOGIN = rb"://(?P<secret>[^\s\"'<>/\\@?#\[\]:]{0,200}:[^\s\"'<>/\\@?#\[\]]{1,200})@"

SHAPES = (
    Shape("private key", b"-----BEGIN ", re.compile(_PRIVATE_KEY)),
    Shape("token", b"eyJ", re.compile(_JWT)),
    Shape("login", b"://", re.compile(_LOGIN)),
    _scheme("bearer"),
    _scheme("basic"),
    *(_named(name) for name in (
        "authorization", "api_key", "api-key", "apikey", "access_key", "access_token", "auth_token",
        "refresh_token", "session_token", "security_token", "client_secret", "secret_key", "accountkey",
    )),
    _key("tw_", 43),  # Tollway's own
    _key("sk-", 16),  # OpenAI, Anthropic, OpenRouter, DeepSeek ...
    _key("sess-", 20), _key("ek_", 20),  # OpenAI's sessions
    _key("AIza", 30), _key("ya29.", 16, "token"),  # Google
    _key("AKIA", 16), _key("ASIA", 16), _key("ABSK", 40, letters=_TOKEN), _key("bedrock-api-key-", 16),  # AWS
    _key("ghp_", 20), _key("gho_", 20), _key("ghu_", 20), _key("ghs_", 20), _key("ghr_", 20),
    _key("github_pat_", 20), _key("glpat-", 16),
    _key("hf_", 20), _key("gsk_", 20), _key("xai-", 20), _key("pplx-", 20), _key("csk-", 20),
    _key("nvapi-", 20), _key("r8_", 20), _key("tgp_v1_", 20), _key("jina_", 20), _key("dapi", 32),
    _key("xoxb-", 16), _key("xoxp-", 16), _key("xoxa-", 16), _key("xoxs-", 16), _key("xapp-", 16),  # Slack
    _key("sk_live_", 16), _key("rk_live_", 16), _key("sk_", 40), _key("whsec_", 20),  # Stripe, ElevenLabs
    _key("npm_", 30), _key("pypi-", 30), _key("SG.", 20),
)  # fmt: skip
"""Of several that begin at one place, all that any of them covers is taken."""

SECRET_NAMES = frozenset(
    "authorization authorization_token proxy_authorization api_key apikey x_api_key x_goog_api_key access_key"
    " access_token auth_token refresh_token session_token client_secret secret secret_key secret_access_key"
    " private_key password passwd".split()
)
"""Members of JSON whose texts are credentials, whatever they look like: as in small letters, `-` as `_`."""
