"""Secrets of every kind, made up when they are asked for: none of them stands in a file."""

import base64
from collections.abc import Callable
from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from zlib import crc32

from tollway.guardrails.secrets.checksum import base62

ALNUM = ascii_letters + digits
URL_SAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"
CRYPT = ALNUM + "./"
HEX = digits + "abcdef"
UPPER = ascii_uppercase + digits
BASE32 = ascii_uppercase + "234567"

type Maker = Callable[[Random], str]


def text(chance: Random, length: int, alphabet: str = ALNUM) -> str:
    """So many characters by chance."""
    return "".join(chance.choices(alphabet, k=length))


def _prefixed(prefix: str, length: int, alphabet: str = ALNUM, suffix: str = "") -> Maker:
    return lambda chance: prefix + text(chance, length, alphabet) + suffix


def checked(prefix: str) -> Maker:
    """A token of GitHub's scheme, its checksum right."""

    def make(chance: Random) -> str:
        body = text(chance, 30)
        return prefix + body + base62(crc32(body.encode()))

    return make


def armoured(kind: str, lines: int) -> Maker:
    """A private key in lines of base64."""

    def make(chance: Random) -> str:
        body = "\n".join(text(chance, 64, BASE64) for _ in range(lines))
        return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"

    return make


def encoded(said: str) -> str:
    """Base64."""
    return base64.b64encode(said.encode()).decode()


def _of(chance: Random, size: int) -> str:
    """So many bytes, in base64."""
    return base64.b64encode(chance.randbytes(size)).decode()


def web_token(chance: Random) -> str:
    """Three parts, signed by nobody."""
    parts = ('{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{text(chance, 9, digits)}","iat":1764400000}}')
    head = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{text(chance, 43, URL_SAFE)}"


def pair(chance: Random) -> str:
    """A user and a password in base64."""
    return encoded(f"{text(chance, 6, ascii_lowercase)}:{password(chance)}")


def password(chance: Random) -> str:
    """As a person would choose it, with what rules of passwords want."""
    word = chance.choice(["harbour", "Winter", "giraffe", "Okapi", "meadow", "Tiger"])
    return f"{word}{chance.randrange(11, 98)}{chance.choice('!#*+')}{text(chance, 3)}"


CERTAIN: dict[str, list[Maker]] = {
    "age_key": [_prefixed("AGE-SECRET-" + "KEY-1", 58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")],
    "provider_key": [_prefixed("sk" + "-", 48), _prefixed("sk" + "-", 32)],
    "airtable_token": [lambda c: "pat" + text(c, 14) + "." + text(c, 64, HEX)],
    "anthropic_key": [
        _prefixed("sk-ant-" + "api03-", 93, URL_SAFE, "AA"),
        _prefixed("sk-ant-" + "admin01-", 93, URL_SAFE, "AA"),
    ],
    "anthropic_oauth_token": [
        _prefixed("sk-ant-" + "oat01-", 93, URL_SAFE, "AA"),
        _prefixed("sk-ant-" + "ort01-", 93, URL_SAFE, "AA"),
    ],
    "atlassian_token": [_prefixed("ATATT" + "3", 178, ALNUM, "=" + "A1B2C3D4")],
    "aws_access_key_id": [_prefixed("AK" + "IA", 16, BASE32), _prefixed("AS" + "IA", 16, BASE32)],
    "aws_secret_access_key": [lambda c: text(c, 40, BASE64)],
    "azure_storage_key": [_prefixed("", 86, BASE64, "==")],
    "aws_bedrock_key": [_prefixed("AB" + "SK", 128, BASE64)],
    "azure_client_secret": [lambda c: text(c, 3) + text(c, 1, digits) + "Q" + "~" + text(c, 34)],
    "azure_connection_string": [_prefixed("", 43, BASE64, "=")],
    "brevo_key": [lambda c: "xkey" + "sib-" + text(c, 64, HEX) + "-" + text(c, 16)],
    "cloudflare_key": [_prefixed("", 37, HEX), _prefixed("", 40)],
    "cloudflare_token": [lambda c: "v1." + "0-" + text(c, 24, HEX) + "-" + text(c, 146, HEX)],
    "connection_string": [lambda c: text(c, 14), password],
    "crates_token": [_prefixed("ci" + "o", 32)],
    "databricks_token": [_prefixed("da" + "pi", 32, HEX)],
    "digitalocean_token": [_prefixed("dop_" + "v1_", 64, HEX), _prefixed("doo_" + "v1_", 64, HEX)],
    "discord_bot_token": [lambda c: "MT" + text(c, 24) + "." + text(c, 6) + "." + text(c, 38)],
    "discord_webhook": [lambda c: text(c, 19, digits) + "/" + text(c, 68, URL_SAFE)],
    "docker_auth": [pair],
    "docker_token": [_prefixed("dckr_" + "pat_", 27, URL_SAFE)],
    "doppler_token": [_prefixed("dp" + ".pt.", 43)],
    "dynatrace_token": [lambda c: "dt0" + "c01." + text(c, 24, UPPER) + "." + text(c, 64, UPPER)],
    "figma_token": [_prefixed("fi" + "gd_", 40, URL_SAFE)],
    "github_token": [
        checked("gh" + "p_"),
        checked("gh" + "o_"),
        checked("gh" + "s_"),
        lambda c: "github_" + "pat_" + text(c, 22) + "_" + text(c, 59),
        lambda c: "ti" + f"d={text(c, 32, HEX)};exp=1790000000;sku=plus;st=dotcom;8kp=1:{text(c, 64, HEX)}",
    ],
    "gitlab_token": [_prefixed("gl" + "pat-", 20), _prefixed("gl" + "ptt-", 40, HEX)],
    "google_api_key": [_prefixed("AI" + "za", 35, URL_SAFE), _prefixed("AQ" + ".Ab8", 47, URL_SAFE)],
    "google_service_account_key": [_prefixed("", 40, HEX)],
    "google_oauth_secret": [_prefixed("GOC" + "SPX-", 28)],
    "google_oauth_token": [_prefixed("ya" + "29.a0", 150, URL_SAFE), _prefixed("1/" + "/0", 95, URL_SAFE)],
    "grafana_token": [lambda c: "gl" + "sa_" + text(c, 32) + "_" + text(c, 8, HEX)],
    "groq_key": [_prefixed("gs" + "k_", 52)],
    "hashicorp_token": [
        _prefixed("hv" + "s.", 95, URL_SAFE),
        lambda c: text(c, 14) + ".atlas" + "v1." + text(c, 67),
    ],
    "heroku_key": [_prefixed("HRKU-" + "AA", 58)],
    "hugging_face_token": [_prefixed("h" + "f_", 34, ascii_letters)],
    "json_web_token": [web_token],
    "langsmith_key": [lambda c: "ls" + "v2_pt_" + text(c, 32, HEX) + "_" + text(c, 10, HEX)],
    "linear_key": [_prefixed("lin_" + "api_", 40)],
    "mailgun_key": [_prefixed("key" + "-", 32, HEX)],
    "mailchimp_key": [_prefixed("", 32, HEX, "-us" + "12")],
    "new_relic_key": [_prefixed("NR" + "AK-", 27, UPPER), _prefixed("", 36, HEX, "NR" + "AL")],
    "notion_token": [
        lambda c: "nt" + "n_" + text(c, 11, digits) + text(c, 35),
        _prefixed("secret" + "_", 43),
    ],
    "npm_token": [checked("np" + "m_")],
    "nvidia_key": [_prefixed("nv" + "api-", 64, URL_SAFE)],
    "onepassword_token": [_prefixed("op" + "s_ey", 240)],
    "openai_key": [
        _prefixed("sk-" + "proj-", 74, URL_SAFE),
        lambda c: "sk-" + "proj-" + text(c, 74, URL_SAFE) + "T3Blbk" + "FJ" + text(c, 74, URL_SAFE),
        lambda c: "sk" + "-" + text(c, 20) + "T3Blbk" + "FJ" + text(c, 20),
        _prefixed("sk-" + "svcacct-", 120, URL_SAFE),
    ],
    "openrouter_key": [_prefixed("sk-or-" + "v1-", 64, HEX)],
    "password_hash": [
        lambda c: "$6" + "$" + text(c, 16) + "$" + text(c, 86, ALNUM + "./"),
        lambda c: "$2" + "b$12$" + text(c, 53, ALNUM + "./"),
        lambda c: "$argon2" + "id$v=19$m=65536,t=3,p=4$" + text(c, 22, BASE64) + "$" + text(c, 43, BASE64),
        lambda c: "$apr" + "1$" + text(c, 8) + "$" + text(c, 22),
        lambda c: "pbkdf2_" + "sha256$600000$" + text(c, 12) + "$" + text(c, 43, BASE64) + "=",
        lambda c: "$1" + "$" + text(c, 8) + "$" + text(c, 22, CRYPT),
        lambda c: "$5" + "$rounds=535000$" + text(c, 16) + "$" + text(c, 43, CRYPT),
        lambda c: "$2" + "x$10$" + text(c, 53, CRYPT),
        lambda c: "$y" + "$j9T$" + text(c, 22, CRYPT) + "$" + text(c, 43, CRYPT),
        lambda c: "$gy" + "$j9T$" + text(c, 22, CRYPT) + "$" + text(c, 43, CRYPT),
        lambda c: "$7" + "$CU..../...." + text(c, 22, CRYPT) + "$" + text(c, 43, CRYPT),
        lambda c: "$sha1" + "$40000$" + text(c, 8) + "$" + text(c, 28, CRYPT),
        lambda c: "$pbkdf2-" + "sha512$25000$" + text(c, 22, CRYPT) + "$" + text(c, 86, CRYPT),
        lambda c: "$bcrypt-" + "sha256$v=2,t=2b,r=12$" + text(c, 22, CRYPT) + "$" + text(c, 31, CRYPT),
        lambda c: "pbkdf2:" + "sha256:600000$" + text(c, 16) + "$" + text(c, 64, HEX),
        lambda c: "scrypt:" + "32768:8:1$" + text(c, 16) + "$" + text(c, 128, HEX),
        lambda c: "SCRAM-" + f"SHA-256$4096:{_of(c, 16)}${_of(c, 32)}:{_of(c, 32)}",
        lambda c: "$P" + "$B" + text(c, 30, CRYPT),
        lambda c: "$S" + "$D" + text(c, 51, CRYPT),
        lambda c: "$9" + "$" + text(c, 14, CRYPT) + "$" + text(c, 43, CRYPT),
        lambda c: "{SH" + "A}" + _of(c, 20),
        lambda c: "{SS" + "HA}" + _of(c, 24),
        lambda c: "{PBKDF2-" + "SHA256}10000$" + text(c, 22, CRYPT) + "$" + text(c, 43, CRYPT),
        lambda c: f"{text(c, 32, HEX)}:{text(c, 32, HEX)}" + ":::",
    ],
    "perplexity_key": [_prefixed("pp" + "lx-", 48)],
    "postman_key": [lambda c: "PM" + "AK-" + text(c, 24, HEX) + "-" + text(c, 34, HEX)],
    "private_key": [armoured("RSA ", 20), armoured("", 1), armoured("OPENSSH ", 6), armoured("EC ", 3)],
    "pulumi_token": [_prefixed("pu" + "l-", 40, HEX)],
    "pypi_token": [_prefixed("pypi-" + "AgEIcHlwaS5vcmc", 120, URL_SAFE)],
    "replicate_token": [_prefixed("r" + "8_", 37)],
    "rubygems_key": [_prefixed("ruby" + "gems_", 48, HEX)],
    "sendgrid_key": [lambda c: "S" + "G." + text(c, 22, URL_SAFE) + "." + text(c, 42, URL_SAFE) + text(c, 1)],
    "sentry_token": [_prefixed("sntr" + "yu_", 64, HEX)],
    "square_token": [_prefixed("EA" + "AA", 60), _prefixed("sq0" + "csp-", 43)],
    "shopify_token": [_prefixed("shp" + "at_", 32, HEX), _prefixed("shp" + "ss_", 32, HEX)],
    "slack_token": [
        lambda c: "xox" + "b-" + text(c, 12, digits) + "-" + text(c, 13, digits) + "-" + text(c, 24),
        lambda c: "xox" + "p-" + "-".join(text(c, 12, digits) for _ in range(3)) + "-" + text(c, 32, HEX),
        lambda c: "xa" + "pp-1-A" + text(c, 10, UPPER) + "-" + text(c, 13, digits) + "-" + text(c, 64, HEX),
    ],
    "slack_webhook": [
        lambda c: "services/T" + text(c, 8, UPPER) + "/B" + text(c, 10, UPPER) + "/" + text(c, 24)
    ],
    "stripe_key": [_prefixed("sk_" + "live_", 24), _prefixed("rk_" + "live_", 99)],
    "supabase_key": [_prefixed("sb" + "p_", 40, HEX)],
    "tailscale_key": [lambda c: "ts" + "key-api-" + text(c, 12) + "CNTRL-" + text(c, 32)],
    "telegram_bot_token": [lambda c: "7" + text(c, 9, digits) + ":A" + "A" + text(c, 33, URL_SAFE)],
    "twilio_key": [_prefixed("S" + "K", 32, HEX)],
    "vercel_token": [_prefixed("vc" + "p_", 56)],
    "xai_key": [_prefixed("xa" + "i-", 80)],
}
"""Kinds of which a finding is certain, and makers of their values."""

CONTEXT: dict[str, list[str]] = {
    "aws_secret_access_key": [
        "AWS_SECRET_" + "ACCESS_KEY={}",
        "aws_secret_" + 'access_key = "{}"',
        '"SecretAccess' + 'Key": "{}"',
    ],
    "azure_storage_key": [
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={};EndpointSuffix=core.windows.net"
    ],
    "azure_connection_string": [
        "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}"
    ],
    "connection_string": [
        "postgres://" + "app:{}@db.internal:5432/app",
        "mysql+pymysql://" + "root:{}@10.0.0.5/shop",
        "mongodb+srv://" + "svc:{}@cluster0.ab1cd.mongodb.net/prod",
        "redis://" + ":{}@cache.internal:6379/0",
        "amqps://" + "worker:{}@mq.internal/%2f",
        "neo4j+s://" + "app:{}@graph.internal:7687",
        "nats://" + "app:{}@nats.internal:4222",
        "mqtts://" + "app:{}@mqtt.internal:8883",
        "snowflake://" + "app:{}@acme-eu/shop",
        "oracle+oracledb://" + "app:{}@db.internal:1521/?service_name=shop",
        "jdbc:oracle:thin:" + "app/{}@//db.internal:1521/shop",
    ],
    "cloudflare_key": ["CLOUDFLARE_API_TOKEN={}", 'cloudflare_api_key = "{}"'],
    "discord_bot_token": ["DISCORD_TOKEN={}"],
    "discord_webhook": ["https://discord" + ".com/api/webhooks/{}"],
    "google_service_account_key": ['{{"type": "service_account", "private_key_id": "{}"}}'],
    "mailgun_key": ["mailgun: {}"],
    "docker_auth": [
        '{{"auths": {{"registry.acme.dev": {{"auth": "{}"}}}}}}',
        '{{"https://index.docker.io/v1/": {{"auth": "{}", "email": ""}}}}',
    ],
    "mailchimp_key": ["mailchimp_api_key={}"],
    "slack_webhook": ["https://hooks.slack" + ".com/{}"],
    "twilio_key": ["twilio api key: {}"],
}
"""What stands around a value that is nothing by itself."""


def of(kind: str, chance: Random) -> tuple[str, str]:
    """A text that shows a certain secret of the kind, and the secret."""
    value = chance.choice(CERTAIN[kind])(chance)
    return chance.choice(CONTEXT.get(kind, ["{}"])).format(value), value
