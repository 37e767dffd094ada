"""The live view of a ledger's calls. Pure but for `watch`, `keyboard` and `terminal`."""
