"""Tokens and keys that a command prints: at hand in memory alone, and renewed before they expire."""
