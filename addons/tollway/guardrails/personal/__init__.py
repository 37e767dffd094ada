"""Personal data in a text: one module per kind; `detect.py` puts them together, `kinds.py` is the table of
them.
"""
