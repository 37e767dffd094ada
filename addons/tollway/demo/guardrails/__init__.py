"""The tour of guardrails: what is blocked, what is taken out and put back, and what is kept of it."""
