"""Secrets and personal data: found in what is asked and answered, as pure functions over texts."""
