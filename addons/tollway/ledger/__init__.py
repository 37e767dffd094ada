"""What was called, and what it cost: written once a call leaves, upserted until nothing more is known."""
