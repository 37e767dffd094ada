"""The tour of `tollway demo`: who calls what, the programs that do it, and how it is shown."""
