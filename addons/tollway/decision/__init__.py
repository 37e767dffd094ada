"""What a policy makes of a call that nobody has made: who decides what, and where it goes. Pure.

It goes by what is said of the call. Whether a request itself can be moved (its format, what it has that is
one provider's, whether it is signed, a key of the target), which target rests, and where a conversation has
its prompt cache is known only of a real one, and is not asked.
"""
