"""The live view: what a ledger's calls cost, as they happen. Pure but for `following` and `keyboard`."""
