"""The policy of the tour of guardrails, which does for one's own programs, too."""

TOUR = """\
version: 1
guardrails:
  - {name: no-keys, find: secrets, do: block}
  - {name: customers, find: [email, card], do: redact, restore: true}
"""
