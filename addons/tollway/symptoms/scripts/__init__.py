"""What runtimes are given to run: nothing here is imported, but for its tests."""
