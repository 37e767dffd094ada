"""An alert as Slack's incoming webhooks take it: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""

from typing import Any

from tollway.alerts.alert import Alert, document
from tollway.alerts.grouped import headline, rest

SHOWN = 20
"""Alerts of a list that have a line."""
LONGEST = 2_900
"""Characters of a block: https://docs.slack.dev/reference/block-kit/blocks/section-block has 3,000."""


def slack(alert: Alert) -> dict[str, Any]:
    """`alert.document`; of several alerts with `blocks`, which show them as a list.

    The blocks' texts are plain ones, in which nothing a name has in it calls anybody.
    """
    said = document(alert)
    if not alert.parts:
        return said
    lines = [*[f"• {each.text}" for each in alert.parts[:SHOWN]], *filter(None, [rest(alert, SHOWN)])]
    return {**said, "blocks": [_block(f"Tollway: {headline(alert)}"), *map(_block, _cut(lines))]}


def _cut(lines: list[str]) -> list[str]:
    """The lines in as few texts as have room for them."""
    texts = [""]
    for line in lines:
        if texts[-1] and len(texts[-1]) + len(line) >= LONGEST:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{line}" if texts[-1] else line[:LONGEST]
    return texts


def _block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
