"""Usage to money: integer nano-dollars, with where each figure comes from.

Cheap to import: the price list is loaded at first use, or by `PriceBook.warm()`.
"""

from tollway.prices.book import PriceBook
from tollway.prices.priced import Priced

__all__ = ["PriceBook", "Priced"]
