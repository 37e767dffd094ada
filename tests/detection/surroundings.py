"""What stands around a value where people and programs write one: prompts in five languages, code, data,
diffs, logs.
"""

from dataclasses import dataclass

LANGUAGES = ("en", "de", "fr", "es", "it")


@dataclass(frozen=True)
class Words:
    """What a value is called: in prose of each language, and as a key of data."""

    en: str
    de: str
    fr: str
    es: str
    it: str
    key: str


NEUTRAL = Words("this one:", "das hier:", "ceci :", "esto:", "questo:", "value")
"""Nothing that says what it is."""

SURROUNDINGS = {
    "English": "Please check {en} {value} and tell me whether it is right.",
    "German": "Prüfe bitte {de} {value}, und sag mir, ob es stimmt.",
    "French": "Vérifie s'il te plaît {fr} {value}. Est-ce que c'est juste ?",
    "Spanish": "Comprueba por favor {es} {value}; ¿está bien?",
    "Italian": "Controlla per favore {it} {value}\nGrazie!",
    "Python": '    row = {{"{key}": "{value}", "active": True}}  # as it was imported\n    save(row)\n',
    "JavaScript": "const row = {{ {key}: '{value}', retries: 3, at: Date.now() }};",
    "JSON": '{{"count": 3, "{key}": "{value}", "price": 12.50}}',
    "JSON in a string": '{{"name": "save", "arguments": "{{\\"{key}\\": \\"{value}\\", \\"n\\": 12}}"}}',
    "lines in a string": '{{"text": "{en}\\n{value}\\nKind regards"}}',
    "diff": "@@ -12,3 +12,3 @@ rows:\n   count: 3\n-  {key}: none\n+  {key}: {value}\n   price: 12.50\n",
    "log": (
        "2026-11-29T12:43:09.123Z INFO req=3f2a9c1e-77aa-4b1c-9d3e-1f2a3b4c5d6e 10.0.0.7"
        " {key}={value} 200 1532B"
    ),
    "table": "no;{key};city\n17;{value};Wien\n",
    "Markdown": "| {en} | `{value}` | 12.50 |\n",
    "YAML": "rows:\n  - {key}: '{value}'\n    count: 3\n",
    "shell": "curl -s -d '{key}={value}' https://api.example.com/v1/rows?page=2",
}
"""By name."""


def surrounded(where: str, value: str, words: Words = NEUTRAL) -> str:
    """A value in a surrounding."""
    return SURROUNDINGS[where].format(value=value, **vars(words))
