"""The tour of the cache."""
