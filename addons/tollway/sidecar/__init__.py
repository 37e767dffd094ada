"""A file beside the ledger's, which may be deleted alone: how it is opened, and how one thread writes it."""
