"""What a policy makes of a call that nobody has made: who decides what, and where it goes. Pure.

It goes by what is said of the call. Whether a request itself can be moved (its format, its size, whether it
is signed, a key of the target) is known only of a real one, and is not asked.
"""
