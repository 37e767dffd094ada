"""Gathers what `tollway.diagnosis` judges: real connections, programs and files, each for a bounded time."""
