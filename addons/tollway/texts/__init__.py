"""The texts of calls, where the policy asks for them: in a file of their own beside the ledger."""
