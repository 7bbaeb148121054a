"""The book of a home: derived from its segments and single events, kept, and brought up to date by what is new."""

from goodstanding.record.deriving.books import Derived, book_before, book_of, book_of_some, derive, forget

__all__ = ["Derived", "book_before", "book_of", "book_of_some", "derive", "forget"]
