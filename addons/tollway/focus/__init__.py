"""The bill in FOCUS 1.2, the format of the FinOps Foundation that finance's tools read (focus.finops.org)."""
