"""The book: everybody's events together, as columns that the kernel reads; saved, it opens by memory map."""

from goodstanding.book.book import Book, World, microseconds
from goodstanding.book.columns import NULL, UNRECORDED, VOID, Columns, Corrections, Kinds, Limits
from goodstanding.book.saving import verify
from goodstanding.book.sharing import cores, in_ranges, shared

__all__ = [
    "NULL",
    "UNRECORDED",
    "VOID",
    "Book",
    "Columns",
    "Corrections",
    "Kinds",
    "Limits",
    "World",
    "cores",
    "in_ranges",
    "microseconds",
    "shared",
    "verify",
]
