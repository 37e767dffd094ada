"""Texts with a secret in them, and texts that only look so."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.tollway.guardrails.secrets import made

SEED = 8


@dataclass(frozen=True, slots=True)
class Example:
    """One text."""

    kind: str
    place: str
    """What sort of text it is."""
    text: str
    value: str
    """What must be found, as it stands in the text."""

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        start = self.text.index(self.value)
        return start, start + len(self.value)


def _json(shown: str) -> str:
    """As a string's inside."""
    return json.dumps(shown)[1:-1]


PLACES: dict[str, Callable[[str], str]] = {
    "alone": lambda shown: shown,
    "English": lambda shown: f"Why does this fail? I use {shown} and get a 401.",
    "German": lambda shown: f"Warum schlägt das fehl? Ich benutze überall {shown} und bekomme 401. Grüße",
    "French": lambda shown: f"Voilà la clé : « {shown} ». Pourquoi ça ne marche pas ? 😀",
    "Spanish": lambda shown: f"¿Por qué falla? La clave es {shown}\n¡Gracias!",
    "Japanese": lambda shown: f"このキー {shown} を使うとエラーになります。😀",
    "Python": lambda shown: f"client = Client(\n    '{shown}',\n    timeout=30,\n)",
    "JavaScript": lambda shown: f"const client = new Client(`{shown}`, {{ retries: 2 }});",
    "Go": lambda shown: f'func main() {{\n\tc := client.New("{shown}")\n}}',
    "diff": lambda shown: f"@@ -1,2 +1,2 @@\n-client(os.environ['KEY'])\n+client('{shown}')\n",
    "log": lambda shown: f"2026-11-29T12:00:01.123Z ERROR [worker-3] 401 for {shown} after 3 tries (12 ms)",
    "Markdown": lambda shown: f"Set it up:\n\n```\n{shown}\n```\n\nand go on.",
    "shell": lambda shown: f"$ export X='{shown}'\n$ make deploy\n",
    "command line": lambda shown: f"curl -H 'X-Key: {shown}' https://api.acme.dev/v1/things | jq .",
}
"""Texts in which a secret stands as it is."""


def certain(times: int = 1) -> Iterator[Example]:
    """Each certain kind in each place: as it is, in JSON inside a string, and in base64."""
    chance = Random(SEED)
    for kind in made.CERTAIN:
        for _ in range(times):
            for place, around in PLACES.items():
                shown, value = made.of(kind, chance)
                yield Example(kind, place, around(shown), value)
            shown, value = made.of(kind, chance)
            said = json.dumps({"command": f"run {shown} now"})
            yield Example(kind, "JSON", said, _json(value))
            shown, value = made.of(kind, chance)
            hidden = made.encoded(f"a line of text before it: {shown} and one after it\n")
            yield Example(kind, "base64", f"data: {hidden} end", hidden)


def generic() -> Iterator[Example]:
    """What only the words around it tell."""
    chance = Random(SEED)
    for number, (kind, shape) in enumerate(_GENERIC):
        value = _VALUES.get(kind, made.password)(chance)
        yield Example(kind, f"shape {number}", shape.format(value), value)


def innocent() -> Iterator[str]:
    """Texts without a secret."""
    yield from _INNOCENT


_VALUES: dict[str, made.Maker] = {
    "assigned_secret": lambda chance: made.text(chance, 32),
    "bearer_token": lambda chance: made.text(chance, 40),
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
    ("password", "パスワード：{}\n"),
    ("password", "signing.keyPassword={}\n"),
    ("shadowed_password", "<server><id>acme</id><username>bob</username><password>{}</password></server>"),
    ("assigned_secret", "API_KEY={}\n"),
    ("assigned_secret", 'api_key = "{}"'),
    ("assigned_secret", '{{"apiKey": "{}"}}'),
    ("assigned_secret", "client_secret: {}\n"),
    ("assigned_secret", "SECRET_KEY_BASE={}"),
    ("assigned_secret", "x-api-key: {}"),
    ("assigned_secret", 'curl -H "X-Auth-Token: {}" https://acme.dev'),
    ("assigned_secret", "const accessToken = '{}'"),
    ("assigned_secret", "_authToken={}\n"),
    ("assigned_secret", 'token = r"{}"'),
    ("assigned_secret", "?access_token={}&page=2"),
    ("assigned_secret", "-  signing_key: '{}'"),
    ("assigned_secret", "The token is {} for now"),
    ("bearer_token", "Authorization: Bearer {}"),
    ("bearer_token", "curl -H 'authorization: bearer {}' https://acme.dev"),
    ("bearer_token", '{{"headers": {{"Authorization": "Bearer {}"}}}}'),
    ("bearer_token", 'headers["Authorization"] = "token {}"'),
    ("basic_authorization", "Authorization: Basic {}"),
    ("basic_authorization", '{{"Authorization": "Basic {}"}}'),
    ("stripe_test_key", 'stripe.api_key = "{}"'),
    ("stripe_test_key", "STRIPE={}"),
    ("url_password", "git clone https:" + "//bob:{}@git.acme.dev/shop.git"),
    ("url_password", "proxy = http:" + "//bob:{}@10.0.0.1:3128"),
    ("netrc_password", "machine git.acme.dev login bob password {}"),
    ("netrc_password", "machine git.acme.dev\n  login bob\n  password {}\n"),
    (
        "kubernetes_secret",
        "apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  user: Ym9iYm9iYm9i\n  db-pw: {}\n",
    ),
    ("kubernetes_secret", '{{"apiVersion": "v1", "data": {{"db-pw": "{}"}}, "kind": "Secret"}}'),
]

_INNOCENT = [
    "password = os.environ['DB_PASSWORD']",
    "password: ${DB_PASSWORD}",
    "password: $DB_PASSWORD",
    'password = "changeme"',
    'password = "<your-password>"',
    "password: {{ .Values.db.password }}",
    'password = "xxxxxxxxxxxx"',
    'password = "********"',
    "password = get_password(user1)",
    "password = settings.password2.value",
    "password: str | None = None",
    'autocomplete="current-password"',
    'type="password" name="password1"',
    'password = getpass.getpass("Password: ")',
    "if password == confirm_password2:",
    "PASSWORD_HASHERS = ['PBKDF2', 'Argon2']",
    "password_algorithm = 'sha256'",
    "Your password is required; it has 8 to 64 characters.",
    "password reset for user 12345",
    "The password is base64-encoded, or hashed with SHA-256.",
    'api_key = "your-api-key-0123456789"',
    "api_key = process.env.OPENAI_API_KEY1",
    'api_key: "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    'OPENAI_API_KEY="sk-..."',
    'OPENAI_API_KEY="sk-1234567890abcdef1234567890abcdef"',
    'ANTHROPIC_API_KEY="sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    'ANTHROPIC_API_KEY="sk-ant-your-key-here-0000000000000000000"',
    "GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
    "token = gh" + "p_" + "x" * 36,
    "token = gh" + "p_abcdefghijklmnopqrstuvwxyz0123456789",
    "aws_access_key_id = AK" + "IAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
    "AWS_SECRET_ACCESS_KEY=" + "x" * 40,
    "Authorization: Bearer <token>",
    "Authorization: Bearer $TOKEN",
    'headers = {"Authorization": f"Bearer {token}"}',
    'headers["Authorization"] = "Bearer " + access_token',
    "Authorization: Basic <credentials in base64>",
    "postgres://user:password@localhost:5432/app",
    "postgresql://${DB_USER}:${DB_PASSWORD}@db/app",
    "postgres://postgres:postgres@db:5432/postgres",
    "redis://localhost:6379/0",
    "https://user:pass@example.com/",
    "http://localhost:8080/a@b:c",
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nYour key goes here\n-----END PRIVATE KEY-----",
    'if text.startswith("-----BEGIN PRIVATE KEY-----"):',
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
    "token_count = 4096, max_tokens: 1024, next_token: null",
    "tokens = tokenizer.encode('a text')",
    '{"next_page_token": "", "token_type": "bearer"}',
    "secret_name: my-app-secret-store-v2",
    "secretKeyRef:\n  name: database-credentials-v1\n  key: password",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "id: 123e4567-e89b-12d3-a456-426614174000",
    "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+Sfa==",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl bob@acme",
    "kind: ConfigMap\ndata:\n  colour: blue\n",
    "machine translation needs a login and a password",
    "AKIA is the prefix of AWS access key ids",
    "disk-usage-of-the-last-30-days-by-service-and-region-2026",
    "https://hooks.slack.com/services/YOUR/WEBHOOK/URL",
    "eyJhbGciOiJIUzI1NiJ9 is the header of a token",
    "--password-file=/run/secrets/db_password1",
    "密码不能为空",
    "Das Passwort ist erforderlich",
]
