"""The answers that `caching` says are to be kept: in an SQLite file of their own beside the ledger's, or in
the Redis of a fleet (`fleet`)."""
