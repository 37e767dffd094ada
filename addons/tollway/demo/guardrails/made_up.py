"""What is secret in the tour: nobody's, and made up while it runs, so that it stands in no file."""

from secrets import choice
from string import ascii_letters, digits

from tollway.guardrails.personal.luhn import is_luhn
from tollway.guardrails.personal.trial_cards import is_trial

EMAIL = "nora@kestrel-optics.net"
"""A customer's. Those under `example.com` are nobody's, and are not found."""
_KEY = 24
_WORD = 10
_GROUP = 4


def key() -> str:
    """One of Stripe's shape."""
    return "sk" + "_live_" + text(_KEY, ascii_letters + digits)


def password() -> str:
    """No vendor's shape: what stands before it says what it is."""
    return text(_WORD, ascii_letters + digits) + "7!"


def card() -> str:
    """A customer's, its last digit right; none that is published for trying things out."""
    while is_trial(number := _number()):
        continue
    return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))


def text(length: int, alphabet: str) -> str:
    """So many characters by chance."""
    return "".join(choice(alphabet) for _ in range(length))


def _number() -> str:
    first = "4929" + text(11, digits)
    return next(number for digit in digits if is_luhn(number := first + digit))
