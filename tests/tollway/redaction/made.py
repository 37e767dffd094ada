"""Credentials of every shape, made up as they are needed: none stands in a file."""

import base64
import os
import random
import string
from collections.abc import Callable

LETTERS = string.ascii_letters + string.digits


def word(length: int, letters: str = LETTERS) -> str:
    """Random characters, a letter and a digit among them."""
    draw = random.Random(os.urandom(8))
    return "".join(draw.choices(letters, k=length - 2)) + "A7"


def part(length: int) -> str:
    """Of a token, in base64url."""
    return base64.urlsafe_b64encode(os.urandom(length)).rstrip(b"=").decode()


def private_key(newline: str = "\n") -> str:
    """A key of nobody's, in PEM."""
    text = base64.b64encode(os.urandom(96)).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    name = "RSA PRIVATE KEY"
    return newline.join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"])


MADE: dict[str, Callable[[], str]] = {
    "OpenAI": lambda: f"sk-proj-{word(48)}",
    "Anthropic": lambda: f"sk-ant-api03-{part(60)}",
    "OpenRouter": lambda: f"sk-or-v1-{word(64, '0123456789abcdef')[:-2]}a7",
    "Google": lambda: f"AIza{part(27)[:35]}",
    "Google token": lambda: f"ya29.{part(80)}",
    "AWS id": lambda: f"AKIA{word(16, string.ascii_uppercase + string.digits)}",
    "AWS session id": lambda: f"ASIA{word(16, string.ascii_uppercase + string.digits)}",
    "Bedrock": lambda: f"ABSK{base64.b64encode(os.urandom(90)).decode()}",
    "GitHub": lambda: f"ghp_{word(36)}",
    "GitHub, fine-grained": lambda: f"github_pat_{word(22)}_{word(59)}",
    "GitLab": lambda: f"glpat-{word(20)}",
    "Hugging Face": lambda: f"hf_{word(34)}",
    "Groq": lambda: f"gsk_{word(52)}",
    "xAI": lambda: f"xai-{word(80)}",
    "Perplexity": lambda: f"pplx-{word(48)}",
    "NVIDIA": lambda: f"nvapi-{part(48)}",
    "Replicate": lambda: f"r8_{word(37)}",
    "Databricks": lambda: f"dapi{word(30, '0123456789abcdef')[:-2]}0a1b2c3d",
    "Slack": lambda: f"xoxb-{word(12, '0123456789')}-{word(24)}",
    "Stripe": lambda: f"sk_live_{word(24)}",
    "ElevenLabs": lambda: f"sk_{word(48, '0123456789abcdef')}",
    "Tollway": lambda: f"tw_{part(32)}",
    "JWT": lambda: f"eyJ{part(20)}.eyJ{part(60)}.{part(32)}",
    "bearer": lambda: f"Bearer {word(24)}",
    "basic": lambda: f"Basic {base64.b64encode(os.urandom(21)).decode()[:26]}A7",
    "log-in": lambda: f"postgres://app:{word(12)}@db.example.com/x",
    "named": lambda: f"api_key = '{word(20)}'",
    "exported": lambda: f"export AWS_SECRET_ACCESS_KEY={base64.b64encode(os.urandom(27)).decode()}A7",
    "header": lambda: f'-H "x-api-key: {word(24)}"',
    "private key": private_key,
}


def heart(credential: str) -> str:
    """The part of a credential that must not be seen."""
    return max(credential.replace("\n", " ").replace("'", " ").replace('"', " ").split(), key=len)[-12:]
