"""The FinOps Foundation's validator on a bill of ours."""
