"""Batches: what is handed in to be answered within a day, at half the price, maybe to somebody else.

What they will cost is bounded by the requests that are handed in, in a file or in the batch itself; what they
did cost is told when the batch, or its results, are fetched. Of both nothing is kept but numbers.
"""
