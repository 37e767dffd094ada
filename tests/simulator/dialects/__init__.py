"""What each wire format answers: one module per dialect, pure functions from a question to bytes."""
