"""Answers that were paid for once: which calls they answer, in which scope, and for how long.

A call is cached by the first entry of the policy's `cache` that is about it (`policy.caching`), within a
scope that somebody vouches for (`scope`), if nothing of it has effects or state at the provider (`eligible`).
Its `key` is the same for the same call, however its JSON is written, and another one for another scope. Of an
answer that came whole and well (`whole`) is kept what a replay needs (`recorded`), in a `store`.
"""
