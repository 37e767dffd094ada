"""An alert as a webhook of Teams' Workflows takes it: an Adaptive Card, in a message.

https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
"""

from collections.abc import Mapping
from typing import Any

from tollway.alerts.alert import Alert
from tollway.alerts.grouped import headline, rest
from tollway.alerts.plain import plain

SHOWN = 20
"""Alerts of a list that have a line: a message has 28 KB at the most."""
LONGEST = 500
"""Characters of a line."""
FACTS = 12


def teams(alert: Alert) -> dict[str, Any]:
    """`{type: message, attachments: [{contentType, content: an Adaptive Card}]}`.

    Its texts are runs, in which nothing is mark-up: neither a link nor a mention is made of a name.
    """
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [_text(f"Tollway: {headline(alert)}", weight="Bolder"), *_more(alert)],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _more(alert: Alert) -> list[dict[str, Any]]:
    if not alert.parts:
        return [_text(line, isSubtle=True) for line in facts(alert.fields)]
    lines = [each.text for each in alert.parts[:SHOWN]]
    return [_text(line) for line in (*lines, *filter(None, [rest(alert, SHOWN)]))]


def facts(fields: Mapping[str, Any]) -> list[str]:
    """What an alert says beside its sentence, a line each: `amount: 3000`."""
    flat = {
        name: ", ".join(f"{key} {each}" for key, each in value.items())
        if isinstance(value, Mapping)
        else value
        for name, value in fields.items()
    }
    known = [(name, value) for name, value in flat.items() if value not in (None, "")]
    return [f"{name}: {plain(str(value))}" for name, value in known[:FACTS]]


def _text(text: str, **looks: Any) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text[:LONGEST], **looks}
    return {"type": "RichTextBlock", "inlines": [run]}
