"""A ledger's calls as a file that can be kept, moved and read by other programs, and back.

docs/ledger.md has the form: a line that says what the others have, then a line for each row, oldest first,
and one for the id of each call that a merged row stands for.
"""
