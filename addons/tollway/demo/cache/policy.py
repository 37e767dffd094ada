"""The policy of the tour of the cache, which does for one's own evaluations, too."""

TOUR = """\
version: 1
cache:
  - {name: evaluations, match: {operation: chat}, ttl: 7d, scope: company}
"""
