"""How well guardrails detect: recall and false positives on a corpus of the project's own, and on source
code.
"""
