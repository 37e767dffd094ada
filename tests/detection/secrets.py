"""The corpus of secrets: true and false examples of each kind, the same ones for the same seed."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from random import Random
from string import digits

from tests.detection import secret_values as made
from tests.detection.example import Example
from tests.detection.secret_false import FALSE
from tests.detection.surroundings import SURROUNDINGS, surrounded

FURTHER: dict[str, Callable[[str], str]] = {
    "alone": lambda shown: shown,
    "Japanese": lambda shown: f"このキー {shown} を使うとエラーになります。😀",
    "Go": lambda shown: f'func main() {{\n\tc := client.New("{shown}")\n}}',
    "code block": lambda shown: f"Set it up:\n\n```\n{shown}\n```\n\nand go on.",
    "environment": lambda shown: f"$ export X='{shown}'\n$ make deploy\n",
    "escaped": lambda shown: json.dumps({"command": f"run {shown} now"}),
    "base64": lambda shown: f"data: {made.encoded(f'some text before it: {shown} and more after it')} end",
}
"""Surroundings that secrets have besides those of other data."""


LEAST = 40
"""True examples of each kind, and false ones."""
ROUNDS = 2
"""True examples of a certain kind in each surrounding."""


def examples(seed: int = 1) -> Iterator[Example]:
    """All of them."""
    for kind in made.CERTAIN:
        chance = Random(f"{kind} {seed}")
        yield from certain(kind, chance)
        yield from _shown(kind, chance)
    yield from generic(seed)
    for kind, texts in FALSE.items():
        yield from (Example(kind, text, text, False, "as it is") for text in texts)
        if kind not in made.CERTAIN:
            yield from _elsewhere(kind, texts)


def certain(kind: str, chance: Random) -> Iterator[Example]:
    """A certain kind, in each surrounding."""
    for where in [*SURROUNDINGS] * ROUNDS:
        shown, value = made.of(kind, chance)
        yield Example(kind, surrounded(where, shown), value, True, where)
    for where, around in [*FURTHER.items()] * ROUNDS:
        shown, value = made.of(kind, chance)
        text = around(shown)
        if where == "escaped":
            value = json.dumps(value)[1:-1]
        elif where == "base64":
            value = text.split()[1]
        yield Example(kind, text, value, True, where)


def generic(seed: int = 1) -> Iterator[Example]:
    """What only the words around it tell: each shape as often as it takes."""
    chance = Random(f"generic {seed}")
    for kind in dict(_GENERIC):
        shapes = [shape for name, shape in _GENERIC if name == kind]
        for shape in islice(cycle(shapes), max(LEAST, len(shapes))):
            value = _VALUES.get(kind, made.password)(chance)
            yield Example(kind, shape.format(value), value, True, "its own")


MASKS = "x*X."
_SHOWN: tuple[Callable[[str], str], ...] = (
    lambda value: value[:7] + "...",
    lambda value: "${SECRET}",
    lambda value: "<your-secret>",
    lambda value: value[:4] + "your-key-here",
)
"""How documentation and logs show a value, beside masked."""


def _masked(value: str, mask: str) -> str:
    return value[:8] + mask * (len(value) - 8)


def _shown(kind: str, chance: Random) -> Iterator[Example]:
    """As nobody could use it, in each surrounding."""
    masked: list[Callable[[str], str]] = [partial(_masked, mask=mask) for mask in MASKS]
    forms = cycle([*masked, *_SHOWN])
    for where in [*SURROUNDINGS] * 3:
        shown, value = made.of(kind, chance)
        text = shown.replace(value, next(forms)(value))
        yield Example(kind, surrounded(where, text), text, False, where)


def _elsewhere(kind: str, texts: list[str]) -> Iterator[Example]:
    """The same in surroundings, as often as it takes."""
    for where, text in islice(zip(cycle(SURROUNDINGS), cycle(texts), strict=False), LEAST):
        yield Example(kind, surrounded(where, text), text, False, where)


_VALUES: dict[str, made.Maker] = {
    "assigned_secret": lambda chance: made.text(chance, 32),
    "bearer_token": lambda chance: made.text(chance, 39) + made.text(chance, 1, digits),
    "basic_authorization": made.pair,
    "stripe_test_key": lambda chance: "sk_" + "test_" + made.text(chance, 24),
    "kubernetes_secret": lambda chance: made.encoded(made.password(chance)),
}
_GENERIC = [
    ("password", 'password = "{}"'),
    ("password", "db_password: '{}'"),
    ("password", '{{"user": "bob", "password": "{}"}}'),
    ("password", r"{{\"user\": \"bob\", \"password\": \"{}\"}}"),
    ("password", "DB_PASSWORD={}\nDB_HOST=db\n"),
    ("password", "export PGPASSWORD={}"),
    ("password", "spring.datasource.password={}\n"),
    ("password", "mysql_root_password: {}\n"),
    ("password", "  password: {}  # production\n"),
    ("password", 'const dbPassword: string = "{}";'),
    ("password", "password := `{}`"),
    ("password", "'password' => '{}',"),
    ("password", 'settings["password"] = "{}"'),
    ("password", 'props.put("password", "{}");'),
    ("password", '<property name="x" password="{}"/>'),
    ("password", "mysql --user=root --password={} shop"),
    ("password", "Server=db;Database=shop;User Id=sa;Password={};Encrypt=true"),
    ("password", "https://acme.dev/login?user=bob&password={}&next=1"),
    ("password", '+  "passwd": "{}",'),
    ("password", "My password is {} but it is refused"),
    ("password", "Passwort: {}"),
    ("password", "Mein Passwort lautet {} und geht nicht"),
    ("password", "mot de passe : {}"),
    ("password", "contraseña: {}"),
    ("password", "senha = {}"),
    ("password", "La password è {} ma non va"),
    ("password", "Пароль: {}"),
    ("password", "pass: {}"),
    ("password", "パスワード：{}\n"),
    ("password", "signing.keyPassword={}\n"),
    ("password", "mysqldump --password {} shop"),
    ("password", "CREATE USER bob IDENTIFIED BY '{}';"),
    ("password", "ALTER ROLE bob WITH PASSWORD '{}';"),
    ("shadowed_password", "<server><id>acme</id><username>bob</username><password>{}</password></server>"),
    ("assigned_secret", "API_KEY={}\n"),
    ("assigned_secret", "AZURE_OPENAI_KEY={}\n"),
    ("assigned_secret", "our Cohere API key {} is over its limit"),
    ("assigned_secret", 'api_key = "{}"'),
    ("assigned_secret", '{{"apiKey": "{}"}}'),
    ("assigned_secret", "client_secret: {}\n"),
    ("assigned_secret", "SECRET_KEY_BASE={}"),
    ("assigned_secret", "x-api-key: {}"),
    ("assigned_secret", "X-Auth-Token: {}\nAccept: */*"),
    ("assigned_secret", "const accessToken = '{}'"),
    ("assigned_secret", "_authToken={}\n"),
    ("assigned_secret", 'token = r"{}"'),
    ("assigned_secret", "?access_token={}&page=2"),
    ("assigned_secret", "-  signing_key: '{}'"),
    ("assigned_secret", "The token is {} for now"),
    ("bearer_token", "Authorization: Bearer {}"),
    ("bearer_token", "I send Bearer {} and get 401"),
    ("bearer_token", "curl -H 'authorization: bearer {}' https://acme.dev"),
    ("bearer_token", '{{"headers": {{"Authorization": "Bearer {}"}}}}'),
    ("bearer_token", 'headers["Authorization"] = "token {}"'),
    ("basic_authorization", "Authorization: Basic {}"),
    ("basic_authorization", "//registry.acme.dev/:_auth={}\n"),
    ("basic_authorization", '{{"Authorization": "Basic {}"}}'),
    ("stripe_test_key", 'stripe.api_key = "{}"'),
    ("stripe_test_key", "STRIPE={}"),
    ("url_password", "git clone https:" + "//bob:{}@git.acme.dev/shop.git"),
    ("url_password", "proxy = http:" + "//bob:{}@10.0.0.1:3128"),
    ("url_password", "mount smb:" + "//bob:{}@files.acme.dev/shop"),
    ("netrc_password", "machine git.acme.dev login bob password {}"),
    ("netrc_password", "machine git.acme.dev\n  login bob\n  password {}\n"),
    ("netrc_password", "default login bob password {}"),
    (
        "kubernetes_secret",
        "apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  user: Ym9iYm9iYm9i\n  db-pw: {}\n",
    ),
    ("kubernetes_secret", "apiVersion: v1\nkind: 'Secret'\ndata:\n  db-pw: {}\n"),
    (
        "kubernetes_secret",
        "apiVersion: v1\nkind: Secret\nstringData:\n  db-host: db\n  db-pw: {}\ntype: Opaque\n",
    ),
    ("kubernetes_secret", '{{"apiVersion": "v1", "data": {{"db-pw": "{}"}}, "kind": "Secret"}}'),
]
"""Shapes, and what stands in them."""
