"""The tour of limits: a policy, and what it does to calls until nothing is left."""
