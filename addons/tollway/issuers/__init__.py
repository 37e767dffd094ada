"""Identity providers as they are reached: their keys, fetched in the background and kept."""
