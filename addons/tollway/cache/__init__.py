"""The answers that `caching` says are to be kept, in an SQLite file of their own beside the ledger's."""
