"""Keys, tokens and passwords in a text, found by their shape or by the name before them."""
